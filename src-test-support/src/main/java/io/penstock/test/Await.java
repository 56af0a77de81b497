package io.penstock.test;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits until something has happened elsewhere, such as in a server. */
public final class Await {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long BETWEEN_LOOKS_MILLIS = 5;

    private Await() {}

    /**
     * Returns when the condition holds. Blocks: call it from a test's own thread.
     *
     * @param what what is waited for, for the message
     * @throws AssertionError if it does not hold within 30 s
     */
    public static void until(String what, BooleanSupplier condition) {
        if (!holds(condition)) {
            throw new AssertionError(what + ": not within " + PATIENCE.toSeconds() + " s");
        }
    }

    /** Waits for the condition; false if it does not hold within 30 s. Blocks: call it from a test's own thread. */
    public static boolean holds(BooleanSupplier condition) {
        long began = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                return false;
            }
            try {
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting", e);
            }
        }
        return true;
    }
}
