package io.penstock.ixon.model;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An export. The guide says CSV, the contract says an object: only the media type tells which was sent.
 *
 * @param contentType the media type as sent; empty if there was none
 * @param content the bytes as sent; must not be modified
 */
@SuppressWarnings("ArrayRecordComponent") // a body: never compared and not copied
public record Export(String contentType, byte[] content) {

    /** Returns whether the content is a table of comma-separated values. */
    public boolean isCsv() {
        return contentType.toLowerCase(Locale.ROOT).startsWith("text/csv");
    }

    /** Returns the content as text. */
    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /** Returns the type and the size, but not the content, which may contain values that must not be logged. */
    @Override
    public String toString() {
        return "Export[" + contentType + ", " + content.length + " B]";
    }
}
