package io.penstock.test.simulator.infraon;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A file attached to an incident.
 *
 * @param fileName the member {@code file_name}
 * @param mediaType the text between {@code data:} and {@code ;base64,} in the member {@code file_data}
 * @param formattedSize the member {@code formatted_size}, such as {@code 12.3 KB}
 * @param content the decoded bytes
 */
@SuppressWarnings("ArrayRecordComponent") // instances are never compared
public record Attachment(String fileName, String mediaType, String formattedSize, byte[] content) {

    private static final Pattern DATA = Pattern.compile("data:([^;,]+);base64,(.+)", Pattern.DOTALL);

    /** Reads a file. It is undocumented that a file needs all three members; the connector always sends them. */
    static Attachment of(JsonNode file) {
        Matcher data = DATA.matcher(Json.text(file, "file_data"));
        if (!data.matches()) {
            throw Refusal.field("file_data", "Not a data URL in Base64.");
        }
        try {
            return new Attachment(
                    Json.text(file, "file_name"),
                    data.group(1),
                    Json.text(file, "formatted_size"),
                    Base64.getDecoder().decode(data.group(2)));
        } catch (IllegalArgumentException e) {
            throw Refusal.field("file_data", "Not a data URL in Base64.");
        }
    }

    /** Returns a copy of the decoded bytes. */
    @Override
    public byte[] content() {
        return content.clone();
    }
}
