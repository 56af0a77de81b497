package io.penstock.timeout;

import io.penstock.annotation.Internal;
import io.penstock.pipeline.Call;
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
 * @hidden
 */
@Internal
public final class Scope implements Call.Enclosure {

    private static final long NO_END_NANOS = Durations.LONGEST_NANOS;

    /** The clock of {@code endNanos}: clients may have different ones. */
    private final Scheduler clock;

    /** The deadline of everything inside. */
    private final long endNanos;

    /** Whether the enclosing operation is retried as a whole, so that the call itself must not be. */
    private final boolean repeated;

    /**
     * The client whose admission permit is held meanwhile, so that the call must not wait for another; or null.
     */
    private final @Nullable Object holding;

    /** The scope around this one, or null. */
    private final @Nullable Scope outer;

    /** The name of the enclosing operation, for the journey; null if unknown. */
    private final @Nullable String parent;

    /** Whether the enclosing operation is a call. */
    private final boolean call;

    private Scope(
            Scheduler clock,
            long endNanos,
            boolean repeated,
            @Nullable Object holding,
            @Nullable Scope outer,
            @Nullable String parent,
            boolean call) {
        this.call = call;
        this.clock = clock;
        this.endNanos = endNanos;
        this.repeated = repeated;
        this.holding = holding;
        this.outer = outer;
        this.parent = parent;
    }

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
                parent == null ? outer.parent : parent,
                call || outer.call);
    }

    @Override
    public boolean repeated() {
        return repeated;
    }

    /** Returns the name of the enclosing operation, or null if unknown. */
    public @Nullable String parent() {
        return parent;
    }

    /** Returns whether a call encloses the calls inside, and so lasts at least as long. */
    public boolean isInsideCall() {
        return call;
    }

    /** Returns whether any enclosing scope holds an admission permit of the client. */
    @Override
    public boolean holds(Object client) {
        return client.equals(holding) || (outer != null && outer.holds(client));
    }

    /** Returns whether no enclosing scope sets a deadline. */
    @Override
    public boolean isEndless() {
        return remainingNanos() >= NO_END_NANOS / 2;
    }

    @Override
    public long remainingNanos() {
        return endNanos - clock.now(TimeUnit.NANOSECONDS);
    }

    /**
     * Returns the scope of calls that are made for another call, with what is left of its deadline.
     *
     * @param repeated whether the other call repeats them
     * @param holding the client whose admission permit the other call holds meanwhile, or null
     */
    public static Scope inside(Call call, boolean repeated, @Nullable Object holding) {
        return new Scope(call.scheduler(), call.deadlineNanos(), repeated, holding, null, call.toString(), true);
    }

    /** Returns the scope of calls that are parts of a larger operation, which repeats them, until a deadline. */
    public static Scope repeatedUntil(long endNanos, Scheduler clock, String parent) {
        return new Scope(clock, endNanos, true, null, null, parent, false);
    }

    public static Scope ending(Duration fromNow, Scheduler clock) {
        return new Scope(
                clock, clock.now(TimeUnit.NANOSECONDS) + Durations.nanosOf(fromNow), false, null, null, null, false);
    }

    /**
     * Returns the scope of calls that are made while a call of the same client holds an admission permit; it has no
     * deadline of its own.
     */
    public static Scope holding(Object client, Scheduler clock) {
        return new Scope(clock, clock.now(TimeUnit.NANOSECONDS) + NO_END_NANOS, false, client, null, null, true);
    }

    /** Returns a {@link #holding} scope whose calls are repeated by the calls that wait for them. */
    public static Scope exchanging(Object client, Scheduler clock) {
        Scope holding = holding(client, clock);
        return new Scope(holding.clock, holding.endNanos, true, client, null, null, true);
    }

    /**
     * Returns the scope of calls that are parts of a larger operation, which their journeys name; it has no deadline of
     * its own.
     */
    public static Scope partOf(String parent, Scheduler clock) {
        return new Scope(clock, clock.now(TimeUnit.NANOSECONDS) + NO_END_NANOS, false, null, null, parent, false);
    }
}
