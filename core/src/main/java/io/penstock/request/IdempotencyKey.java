package io.penstock.request;

import io.penstock.error.ApiException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.temporal.TemporalAccessor;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The name of one effect: two requests with the same key are the same order, however often they arrive.
 *
 * @param value 1 to 255 printable ASCII characters
 */
public record IdempotencyKey(String value) {

    private static final int MAX_LENGTH = 255;
    private static final int DERIVED_BYTES = 20;
    private static final char[] BASE32 = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();

    /**
     * Checks the key.
     *
     * @throws ApiException INVALID_REQUEST if it cannot be sent
     */
    public IdempotencyKey {
        if (value.isBlank() || value.length() > MAX_LENGTH) {
            throw ApiException.invalidRequest("idempotency key: " + value.length()
                    + (value.isBlank() ? " characters, blank" : " characters") + " (expected: 1 to " + MAX_LENGTH
                    + " printable ASCII characters)");
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < 0x20 || value.charAt(i) > 0x7e) {
                throw ApiException.invalidRequest("idempotency key: character " + (i + 1)
                        + " is not printable ASCII (expected: 1 to " + MAX_LENGTH + " printable ASCII characters)");
            }
        }
    }

    /** Creates a key from the caller's own value. */
    public static IdempotencyKey of(String value) {
        return new IdempotencyKey(value);
    }

    /**
     * Creates a unique key: 160 bits, a hash of a counter and a secret of this process. It does not block, except for
     * the very first key in a process, when the secret is drawn. Building a client draws the secret in advance.
     */
    public static IdempotencyKey generated() {
        return new IdempotencyKey(GeneratedKeys.next());
    }

    /** Draws the secret that {@link #generated} needs. May block: for the thread that builds a client. */
    public static void prepare() {
        GeneratedKeys.prepare();
    }

    /**
     * Creates a key from the content of the order: the same fields give the same key in every process, whatever their
     * order in the map.
     *
     * <p>The key is the SHA-256 over the sorted names and values, each preceded by its length in UTF-8 (so that
     * {@code a=bc} and {@code ab=c} differ). The first 160 bits are written in Crockford's base 32: 32 characters that
     * reveal nothing. A field without a value counts as absent. Values are texts, numbers, booleans, enum constants,
     * UUIDs and times. It does not block.
     *
     * @throws ApiException INVALID_REQUEST if no field has a value, or a value is of another type
     */
    public static IdempotencyKey derivedFrom(Map<String, ? extends @Nullable Object> fields) {
        MessageDigest sha256 = sha256();
        boolean empty = true;
        for (Map.Entry<String, ? extends @Nullable Object> field : new TreeMap<>(fields).entrySet()) {
            if (field.getValue() != null) {
                empty = false;
                update(sha256, field.getKey());
                update(sha256, text(field.getKey(), field.getValue()));
            }
        }
        if (empty) {
            throw ApiException.invalidRequest(
                    "idempotency key: no field has a value (expected: at least one, such as the target)");
        }
        return new IdempotencyKey(base32(sha256.digest()));
    }

    /**
     * Returns the text of a value. Only types with the same text in every process are allowed; that of an array, a set
     * or any other object may differ.
     */
    private static String text(String name, Object value) {
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof UUID
                || value instanceof TemporalAccessor) {
            return value.toString();
        }
        throw ApiException.invalidRequest("idempotency key: field " + name + " is a "
                + value.getClass().getName() + " (expected: a text, number, boolean, enum constant, UUID or time,"
                + " because only these have the same text in every process)");
    }

    private static void update(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
        digest.update(bytes);
    }

    static String base32(byte[] hash) {
        StringBuilder text = new StringBuilder(DERIVED_BYTES * 8 / 5);
        int buffer = 0;
        int bits = 0;
        for (int i = 0; i < DERIVED_BYTES; i++) {
            buffer = (buffer << 8) | (hash[i] & 0xff);
            for (bits += 8; bits >= 5; bits -= 5) {
                text.append(BASE32[(buffer >> (bits - 5)) & 31]);
            }
        }
        return text.toString();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
