package io.penstock.paging;

import java.util.Arrays;

/**
 * Whether a cursor, or a page that is reached by counting, was there before. The last 1024 are known by their hash, so that a short circle is noticed at its first
 * repetition. A longer one is noticed as R. P. Brent does: one cursor is left behind at every power of two and compared with
 * all that follow, so that a circle of any length comes by it. Memory is bounded, and what a token has to carry is two
 * numbers.
 */
final class CursorTrail {

    private static final int KEPT = 1024;
    private static final int USUAL = 16;

    private long[] last = new long[USUAL];
    private int count;
    private long anchor;
    private long steps;
    private long power = 1;

    CursorTrail() {}

    /** Goes on where another one was. */
    CursorTrail(long anchor, long steps) {
        this.anchor = anchor;
        this.steps = steps;
        while (power <= steps) {
            power *= 2;
        }
    }

    /** The cursor that a walk begins with: known, and nothing that was followed. */
    void begin(String cursor) {
        keep(hash(cursor));
    }

    /** Whether the walk has been at that cursor; it has from now on. */
    boolean meets(String cursor) {
        return meets(hash(cursor));
    }

    /** The same of a place that is known by its hash, which is not 0: a page by its fingerprint. */
    boolean meets(long hash) {
        if (knows(hash)) {
            anchor = hash; // so that a walk which is resumed here knows it too
            return true;
        }
        keep(hash);
        steps++;
        if (steps == power) {
            anchor = hash;
            power *= 2;
        }
        return false;
    }

    /** Whether the walk has been at the place with that hash. */
    boolean knows(long hash) {
        if (hash == anchor) {
            return true;
        }
        for (int i = 0; i < Math.min(count, last.length); i++) {
            if (last[i] == hash) {
                return true;
            }
        }
        return false;
    }

    private void keep(long hash) {
        if (count == last.length && count < KEPT) {
            last = Arrays.copyOf(last, count * 2);
        }
        last[count % last.length] = hash;
        count++;
    }

    long anchor() {
        return anchor;
    }

    long steps() {
        return steps;
    }

    /** FNV-1a with a final mix, never 0: of a million cursors two have the same with a chance of one in 36 million. */
    private static long hash(String cursor) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < cursor.length(); i++) {
            hash = (hash ^ cursor.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 32) * 0xd6e8feb86659fd93L;
        hash ^= hash >>> 32;
        return hash == 0 ? 1 : hash;
    }
}
