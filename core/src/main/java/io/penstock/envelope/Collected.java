package io.penstock.envelope;

import java.util.Arrays;

/** Bytes that are kept from one part to the next, up to a limit. */
final class Collected {

    private static final int FIRST = 1024;
    /** A buffer that a large element has grown beyond this is not kept for the next. */
    private static final int KEPT = 256 * 1024;

    private final int limit;
    private byte[] bytes = new byte[0];
    private int size;

    Collected(int limit) {
        this.limit = limit;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    byte[] array() {
        return bytes;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, size);
    }

    /** Adds as many bytes as fit, and returns whether all did. */
    boolean add(byte[] from, int start, int length) {
        int fits = Math.min(length, limit - size);
        if (size + fits > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(FIRST, 2L * (size + fits))));
        }
        System.arraycopy(from, start, bytes, size, fits);
        size += fits;
        return fits == length;
    }

    void clear() {
        size = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[0];
        }
    }
}
