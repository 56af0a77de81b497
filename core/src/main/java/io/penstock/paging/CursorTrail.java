package io.penstock.paging;

import java.util.Arrays;

/**
 * The trail of a walk, which detects a cursor or a counted page that was seen before. The hashes of the last 1024 are
 * kept, so that a short cycle is detected at its first repetition. A longer one is detected with R. P. Brent's
 * algorithm: one cursor is kept at every power of two and compared with all that follow, so that a cycle of any length
 * meets it. Memory is bounded, and a token has to carry only two numbers.
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

    /** Creates the continuation of another trail. */
    CursorTrail(long anchor, long steps) {
        this.anchor = anchor;
        this.steps = steps;
        while (power <= steps) {
            power *= 2;
        }
    }

    /** Adds the cursor that a walk begins with, which was not followed. */
    void begin(String cursor) {
        keep(hash(cursor));
    }

    /** Returns whether the walk has seen the cursor before, and adds it. */
    boolean meets(String cursor) {
        return meets(hash(cursor));
    }

    /** Does the same for a place with a hash other than 0, such as a page's fingerprint. */
    boolean meets(long hash) {
        if (knows(hash)) {
            anchor = hash; // so that a walk that is resumed here knows it too
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

    /** Returns whether the walk has seen the place with the hash. */
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

    /**
     * Returns the FNV-1a hash with a final mix, never 0. Among a million cursors, the chance of a collision is one in
     * 36 million.
     */
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
