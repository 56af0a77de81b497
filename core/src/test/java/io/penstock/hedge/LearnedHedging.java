package io.penstock.hedge;

import io.penstock.request.Plan;
import io.penstock.retry.ClassifiedRetry;
import java.time.Duration;

/** Hedging that knows already how long an operation usually takes. */
public final class LearnedHedging {

    private LearnedHedging() {}

    /** Hedging whose window for a plan's operation is full of that time, and whose quota is never scarce. */
    public static Hedging of(ClassifiedRetry retry, Plan plan, Duration usual) {
        Hedging hedging =
                new Hedging(HedgingPolicy.standard().withShortestDelay(Duration.ofMillis(1)), retry, call -> false);
        for (int i = 0; i < 32; i++) {
            hedging.window(plan).record(usual.toNanos());
        }
        return hedging;
    }
}
