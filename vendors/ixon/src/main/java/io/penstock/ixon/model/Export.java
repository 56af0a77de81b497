package io.penstock.ixon.model;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An export. The guide says CSV, the contract an object: what came is told by its media type alone.
 *
 * @param contentType the media type as sent; empty if there was none
 * @param content the bytes as sent, to be left as they are
 */
@SuppressWarnings("ArrayRecordComponent") // a body: compared by nobody, and copied for nobody
public record Export(String contentType, byte[] content) {

    /** Whether it is a table of comma-separated values. */
    public boolean isCsv() {
        return contentType.toLowerCase(Locale.ROOT).startsWith("text/csv");
    }

    /** The content as text. */
    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /** Type and size: the content may hold what nobody should log. */
    @Override
    public String toString() {
        return "Export[" + contentType + ", " + content.length + " B]";
    }
}
