package io.penstock.envelope;

import java.util.Arrays;

/**
 * The optional byte order mark before a text in UTF-8, however the text is split into parts. It is not part of the
 * document (RFC 8259 §8.1 lets a reader ignore it), so readers that count bytes remove it before they count.
 */
final class ByteOrderMark {

    private static final byte[] UTF_8 = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private int skipped;
    private boolean over;

    /** Returns the length of the mark at the start of these bytes, or 0. */
    static int lengthAt(byte[] bytes, int from, int length) {
        return length >= UTF_8.length && Arrays.equals(bytes, from, from + UTF_8.length, UTF_8, 0, UTF_8.length)
                ? UTF_8.length
                : 0;
    }

    /**
     * Returns the next part without the bytes of the mark. The beginning of a mark is held back; if the mark is not
     * completed, the bytes are returned with the next part.
     */
    byte[] skip(byte[] part) {
        if (over) {
            return part;
        }
        int from = 0;
        while (from < part.length && skipped < UTF_8.length && part[from] == UTF_8[skipped]) {
            from++;
            skipped++;
        }
        if (from == part.length && skipped < UTF_8.length) {
            return new byte[0];
        }
        over = true;
        if (skipped == UTF_8.length) {
            return from == 0 ? part : Arrays.copyOfRange(part, from, part.length);
        }
        byte[] whole = Arrays.copyOf(UTF_8, skipped + part.length - from);
        System.arraycopy(part, from, whole, skipped, part.length - from);
        skipped = 0;
        return whole;
    }

    /** Converts an offset after the mark to one from the start of the body. */
    long told(long offset) {
        return offset + skipped;
    }
}
