package io.penstock.infraon.model;

import java.util.Base64;
import java.util.Locale;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A file to be added to an incident. It is sent as text, a third longer than the file, and is held in memory as a
 * whole. The server's size limit is not documented.
 *
 * @param fileData a data URL in Base64
 * @param formattedSize the size as text, such as {@code 12.3 KB}
 * @param fileName the file name
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Attachment(String fileData, String formattedSize, String fileName) {

    private static final double KILO = 1024;

    /** Creates an attachment from a name, a media type and the content. */
    public static Attachment of(String fileName, String mediaType, byte[] content) {
        return new Attachment(
                "data:" + mediaType + ";base64," + Base64.getEncoder().encodeToString(content),
                String.format(Locale.ROOT, "%.1f KB", content.length / KILO),
                fileName);
    }

    /** Returns the name and size, but not the content. */
    @Override
    public String toString() {
        return "Attachment[" + fileName + ", " + formattedSize + "]";
    }
}
