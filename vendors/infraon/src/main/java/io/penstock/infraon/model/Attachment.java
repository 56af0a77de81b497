package io.penstock.infraon.model;

import java.util.Base64;
import java.util.Locale;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A file to be added to an incident. It travels as text, a third longer than it is, and is wholly in memory; the largest
 * size that the server takes is not documented.
 *
 * @param fileData a data URL in Base64
 * @param formattedSize its size for people, such as {@code 12.3 KB}
 * @param fileName its name
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Attachment(String fileData, String formattedSize, String fileName) {

    private static final double KILO = 1024;

    /** A file with that name, media type and content. */
    public static Attachment of(String fileName, String mediaType, byte[] content) {
        return new Attachment(
                "data:" + mediaType + ";base64," + Base64.getEncoder().encodeToString(content),
                String.format(Locale.ROOT, "%.1f KB", content.length / KILO),
                fileName);
    }

    /** Name and size, not the content. */
    @Override
    public String toString() {
        return "Attachment[" + fileName + ", " + formattedSize + "]";
    }
}
