package io.penstock.test;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** Waits for what is about to happen: looks often, and gives up only after a time that no slow machine needs. */
public final class Eventually {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(2);

    private Eventually() {}

    /** Returns once the condition holds. */
    public static void until(Callable<Boolean> condition) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(LOOK_AGAIN)
                .atMost(LIMIT)
                .until(condition);
    }

    /** Returns once the assertion holds. */
    public static void asserted(ThrowingRunnable assertion) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(LOOK_AGAIN)
                .atMost(LIMIT)
                .untilAsserted(assertion);
    }
}
