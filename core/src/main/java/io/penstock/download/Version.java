package io.penstock.download;

import io.penstock.Headers;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which version of a file a part of it belongs to.
 *
 * @param entityTag the {@code ETag}, or null
 * @param lastModified the {@code Last-Modified}, or null
 * @param total its size, or -1
 * @param name the name that the server gave it, fit to be a file's, or null: the answer to a range need not repeat it
 */
record Version(
        @Nullable String entityTag,
        @Nullable String lastModified,
        long total,
        @Nullable String name) {

    static final Version UNKNOWN = new Version(null, null, -1, null);

    static Version of(Headers headers, long total) {
        return new Version(headers.first("etag"), headers.first("last-modified"), total, FileName.of(headers));
    }

    /** The same, of which an answer to a range has told the size. */
    Version withTotal(long told) {
        return total >= 0 || told < 0 ? this : new Version(entityTag, lastModified, told, name);
    }

    /** Whether what is there can be told from another version: its length alone cannot. */
    boolean isTellable() {
        return entityTag != null || lastModified != null;
    }

    /** What may stand in {@code If-Range}: only a strong entity tag (RFC 9110 §13.1.5); null where there is none. */
    @Nullable
    String strongTag() {
        return entityTag != null && entityTag.startsWith("\"") ? entityTag : null;
    }

    /** Whether an answer is of this version, as far as both tell; a size that differs is never the same. */
    boolean isThatOf(Headers headers, long otherTotal) {
        if (total >= 0 && otherTotal >= 0 && total != otherTotal) {
            return false;
        }
        String tag = headers.first("etag");
        if (strongTag() != null && tag == null) {
            return true; // the server has compared it: If-Range was sent
        }
        return entityTag != null
                ? entityTag.equals(tag)
                : Objects.equals(lastModified, headers.first("last-modified")) && lastModified != null;
    }

    List<String> lines() {
        return List.of(
                "etag " + (entityTag == null ? "" : entityTag),
                "last-modified " + (lastModified == null ? "" : lastModified),
                "length " + total,
                "name " + (name == null ? "" : name));
    }

    /** What {@link #lines} made; UNKNOWN where it is something else. */
    static Version ofLines(List<String> lines) {
        boolean named = lines.size() == 4 && lines.get(3).startsWith("name ");
        if (!(named || lines.size() == 3)
                || !lines.get(0).startsWith("etag ")
                || !lines.get(1).startsWith("last-modified ")
                || !lines.get(2).matches("length -?\\d{1,18}")) {
            return UNKNOWN;
        }
        String tag = lines.get(0).substring("etag ".length());
        String date = lines.get(1).substring("last-modified ".length());
        String name = named ? FileName.sanitised(lines.get(3).substring("name ".length())) : null;
        return new Version(
                tag.isEmpty() ? null : tag,
                date.isEmpty() ? null : date,
                Long.parseLong(lines.get(2).substring("length ".length())),
                name);
    }
}
