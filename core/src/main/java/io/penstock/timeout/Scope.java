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
 * The enclosing scope of a call, carried in the Reactor Context.
 *
 * @param clock the clock of {@code endNanos}: clients may have different ones
 * @param endNanos the deadline of everything inside
 * @param repeated whether the enclosing operation is retried as a whole, so that the call itself must not be
 * @param holding the client whose admission permit is held meanwhile, so that the call must not wait for another; or
 *     null
 * @param outer the scope around this one, or null
 * @param parent the name of the enclosing operation, for the journey; null if unknown
 * @hidden
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

    /** Returns the context with this scope added; enclosing scopes remain in effect. */
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

    /** Returns whether any enclosing scope holds an admission permit of the client. */
    public boolean holds(Object client) {
        return client.equals(holding) || (outer != null && outer.holds(client));
    }

    /** Returns whether no enclosing scope sets a deadline. */
    public boolean isEndless() {
        return remainingNanos() >= NO_END_NANOS / 2;
    }

    public long remainingNanos() {
        return endNanos - clock.now(TimeUnit.NANOSECONDS);
    }

    public static Scope ending(Duration fromNow, Scheduler clock) {
        return new Scope(clock, clock.now(TimeUnit.NANOSECONDS) + Durations.nanosOf(fromNow), false, null, null, null);
    }

    /**
     * Returns the scope of calls that are made while a call of the same client holds an admission permit; it has no
     * deadline of its own.
     */
    public static Scope holding(Object client, Scheduler clock) {
        return new Scope(clock, clock.now(TimeUnit.NANOSECONDS) + NO_END_NANOS, false, client, null, null);
    }

    /** Returns a {@link #holding} scope whose calls are repeated by the calls that wait for them. */
    public static Scope exchanging(Object client, Scheduler clock) {
        Scope holding = holding(client, clock);
        return new Scope(holding.clock, holding.endNanos, true, client, null, null);
    }

    /**
     * Returns the scope of calls that are parts of a larger operation, which their journeys name; it has no deadline of
     * its own.
     */
    public static Scope partOf(String parent, Scheduler clock) {
        return new Scope(clock, clock.now(TimeUnit.NANOSECONDS) + NO_END_NANOS, false, null, null, parent);
    }
}
