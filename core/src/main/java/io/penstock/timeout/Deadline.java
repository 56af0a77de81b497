package io.penstock.timeout;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.request.ApiRequest;
import java.time.Duration;
import java.util.function.Function;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * A shared deadline for everything inside a chain: each of its calls, of any client, gets at most the time that is
 * left.
 *
 * <pre>{@code
 * handle(request).contextWrite(Deadline.in(Duration.ofSeconds(5)))
 * }</pre>
 *
 * <pre>
 *  deadline 5 s   |------------------------------------|
 *  first call     |--------- 3 s ---------|            .
 *  second call                            |--- 2 s ----|  its own deadline of 60 s does not count
 * </pre>
 *
 * The time starts at subscription. A call that is subscribed to when no time is left fails at once with
 * {@link ErrorKind#DEADLINE_EXCEEDED} and {@link Certainty#NOT_SENT}. Of nested deadlines the earliest applies. The
 * deadline also covers responses that are read while they arrive: a stream, events or a download end at most 10 ms
 * after it.
 */
public final class Deadline implements Function<Context, Context> {

    private final Duration total;
    private final Scheduler clock;

    private Deadline(Duration total, Scheduler clock) {
        this.total = total;
        this.clock = clock;
    }

    /** Returns a deadline at this time after subscription, on the clock of Reactor's parallel scheduler. */
    public static Deadline in(Duration total) {
        return in(total, Schedulers.parallel());
    }

    /** Returns a deadline on another clock, such as a test's. */
    public static Deadline in(Duration total, Scheduler clock) {
        if (total.isNegative() || total.isZero() || total.compareTo(ApiRequest.LONGEST) > 0) {
            throw ApiException.invalidConfiguration("deadline: " + total + " (expected: more than zero, at most "
                    + ApiRequest.LONGEST.toDays() + " days)");
        }
        return new Deadline(total, clock);
    }

    /** Adds the deadline to a context; {@code contextWrite} calls this once per subscription. */
    @Override
    public Context apply(Context context) {
        return Scope.ending(total, clock).in(context);
    }

    @Override
    public String toString() {
        return "Deadline[" + total.toMillis() + " ms]";
    }
}
