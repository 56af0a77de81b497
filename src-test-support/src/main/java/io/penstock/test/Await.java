package io.penstock.test;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Blocking waits for a condition that another thread fulfils, such as a server. */
public final class Await {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long BETWEEN_LOOKS_MILLIS = 5;

    private Await() {}

    /**
     * Waits up to 30 s for the condition. It blocks: call it from the test's own thread.
     *
     * @param what the expected event, for the message
     * @throws AssertionError if the condition does not hold within 30 s
     */
    public static void until(String what, BooleanSupplier condition) {
        if (!holds(condition)) {
            throw new AssertionError(what + ": not within " + PATIENCE.toSeconds() + " s");
        }
    }

    /**
     * Waits up to 30 s for the condition and returns whether it holds. It blocks: call it from the test's own thread.
     */
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
