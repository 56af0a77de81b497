package io.penstock.http;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A credential that cannot be printed by accident: {@link #toString()} masks it, and no message or journey of this
 * library holds its value. Only {@link #reveal()} returns it.
 */
public final class Secret {

    private static final String MASK = "****";

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /**
     * Creates a secret with the given value.
     *
     * @throws ApiException {@link ErrorKind#INVALID_CONFIGURATION} if it is missing, blank, or holds characters that
     *     cannot be sent in a header; the message never quotes it
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Secret of(@Nullable String value) {
        if (value == null || value.isBlank()) {
            throw ApiException.invalidConfiguration("secret: " + (value == null ? "missing" : "blank")
                    + " (expected: the key as the vendor issued it)");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c > 0x7e) {
                throw ApiException.invalidConfiguration("secret: character " + (i + 1) + " of " + value.length()
                        + " is not printable ASCII (expected: the key alone, without line breaks: strip() what was"
                        + " read from a file; its value is not shown here)");
            }
        }
        return new Secret(value);
    }

    /** Returns the value itself, for the wire only. */
    public String reveal() {
        return value;
    }

    /**
     * Returns the first characters, enough to tell two keys apart, followed by the mask. Returns only the mask if the
     * value is not at least twice that long.
     *
     * @param visible how many characters to show, such as the number that the vendor's own console shows
     */
    public String hint(int visible) {
        return visible > 0 && visible <= value.length() / 2 ? value.substring(0, visible) + MASK : MASK;
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret that
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), that.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** Returns the mask, whatever the value. */
    @Override
    public String toString() {
        return MASK;
    }
}
