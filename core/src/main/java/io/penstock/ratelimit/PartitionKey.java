package io.penstock.ratelimit;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The key by which a server counts a request, as shown in a row of {@code client.inspect().quotas()}. A plain name is shown as it
 * is, anything else as a short hash, which is enough for comparisons.
 */
final class PartitionKey {

    private static final int LONGEST = 64;

    private PartitionKey() {}

    /** Returns the key that a header names, or null if it names none. */
    static @Nullable String of(@Nullable String value) {
        String name = value == null ? "" : value.strip();
        if (name.isEmpty()) {
            return null;
        }
        return isPlain(name) ? name : hash(name);
    }

    /** Returns a short hash of a name that a request tells, which may be a credential. */
    static String hidden(String name) {
        return hash(name);
    }

    private static boolean isPlain(String name) {
        return name.length() <= LONGEST
                && name.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || "._-:/".indexOf(c) >= 0);
    }

    private static String hash(String name) {
        CRC32 hash = new CRC32();
        hash.update(name.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", hash.getValue());
    }
}
