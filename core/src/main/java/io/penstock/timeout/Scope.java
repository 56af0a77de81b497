package io.penstock.timeout;

import io.penstock.annotation.Internal;
import io.penstock.request.Durations;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * What a call is a part of, as it travels in the Reactor Context.
 *
 * @param clock the clock of {@code endNanos}: clients may have different ones
 * @param endNanos when everything inside has to be over
 * @param repeated whether what encloses the call is retried as a whole, so that the call itself must not be
 * @param holding the client whose place at the gate is held meanwhile, so that the call must not wait for another; or null
 * @param outer the scope around this one, or null
 * @param parent what encloses it, for the journey; null where nothing is known
 */
@Internal
public record Scope(
        Scheduler clock,
        long endNanos,
        boolean repeated,
        @Nullable Object holding,
        @Nullable Scope outer,
        @Nullable String parent) {

    private static final long NO_END_NANOS = Durations.LONGEST_NANOS;

    public static @Nullable Scope of(ContextView context) {
        return context.getOrDefault(Scope.class, null);
    }

    /** The same context with this scope; what encloses it already still holds. */
    public Context in(Context context) {
        Scope outer = of(context);
        return context.put(Scope.class, outer == null ? this : within(outer));
    }

    private Scope within(Scope outer) {
        boolean outerEndsFirst = outer.remainingNanos() < remainingNanos();
        return new Scope(
                outerEndsFirst ? outer.clock : clock,
                outerEndsFirst ? outer.endNanos : endNanos,
                repeated || outer.repeated,
                holding,
                outer,
                parent == null ? outer.parent : parent);
    }

    /** Whether a place at the gate of that client is held meanwhile, by whatever encloses the call. */
    public boolean holds(Object client) {
        return client.equals(holding) || (outer != null && outer.holds(client));
    }

    /** Whether nothing around the call says when it has to be over. */
    public boolean isEndless() {
        return remainingNanos() >= NO_END_NANOS / 2;
    }

    public long remainingNanos() {
        return endNanos - clock.now(TimeUnit.NANOSECONDS);
    }

    public static Scope ending(Duration fromNow, Scheduler clock) {
        return new Scope(clock, clock.now(TimeUnit.NANOSECONDS) + Durations.nanosOf(fromNow), false, null, null, null);
    }

    /** Of calls that are made while one of the same client holds a place at its gate, with no deadline of its own. */
    public static Scope holding(Object client, Scheduler clock) {
        return new Scope(clock, clock.now(TimeUnit.NANOSECONDS) + NO_END_NANOS, false, client, null, null);
    }

    /** As {@link #holding}, of calls that are repeated by those who wait for them. */
    public static Scope exchanging(Object client, Scheduler clock) {
        Scope holding = holding(client, clock);
        return new Scope(holding.clock, holding.endNanos, true, client, null, null);
    }

    /** Of calls that are made as parts of something larger, which their journeys name; no deadline of its own. */
    public static Scope partOf(String parent, Scheduler clock) {
        return new Scope(clock, clock.now(TimeUnit.NANOSECONDS) + NO_END_NANOS, false, null, null, parent);
    }
}
