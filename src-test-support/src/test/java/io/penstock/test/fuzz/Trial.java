package io.penstock.test.fuzz;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** One call, and how it went. */
final class Trial extends BaseSubscriber<Object> {

    private final Ask ask;
    private final int number;
    private final long deadlineNanos;
    private final LongSupplier clock;
    private final Ledger ledger = new Ledger();
    private final AtomicInteger values = new AtomicInteger();
    private final AtomicInteger ends = new AtomicInteger();
    private long beganNanos;
    private volatile long endedNanos;
    private volatile Object last;
    private volatile Throwable error;
    private volatile boolean cancelled;

    Trial(Ask ask, int number, long deadlineNanos, LongSupplier clock) {
        this.ask = ask;
        this.number = number;
        this.deadlineNanos = deadlineNanos;
        this.clock = clock;
    }

    Ask ask() {
        return ask;
    }

    int number() {
        return number;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    Ledger ledger() {
        return ledger;
    }

    void begins() {
        beganNanos = clock.getAsLong();
    }

    /** How long it has lasted so far, or until its end. */
    long tookNanos() {
        return (isOver() ? endedNanos : clock.getAsLong()) - beganNanos;
    }

    boolean isOver() {
        return ends.get() > 0 || cancelled;
    }

    /** How many ends it has had. */
    int ends() {
        return ends.get();
    }

    int values() {
        return values.get();
    }

    Object last() {
        return last;
    }

    Throwable error() {
        return error;
    }

    boolean isCancelled() {
        return cancelled;
    }

    void giveUp() {
        endedNanos = clock.getAsLong();
        cancelled = true;
        cancel();
    }

    @Override
    protected void hookOnSubscribe(Subscription s) {
        requestUnbounded();
    }

    @Override
    protected void hookOnNext(Object value) {
        last = value;
        values.incrementAndGet();
    }

    @Override
    protected void hookOnError(Throwable failure) {
        error = failure;
        end();
    }

    @Override
    protected void hookOnComplete() {
        end();
    }

    private void end() {
        endedNanos = clock.getAsLong();
        ends.incrementAndGet();
    }

    /** What was asked, what was said to it, and what the caller was told. */
    String describe() {
        StringBuilder all = new StringBuilder(ask + " #" + number + (cancelled ? ", given up" : ""));
        ledger.said()
                .forEach(said -> all.append("\n      said ")
                        .append(said.status())
                        .append(' ')
                        .append(said.manner())
                        .append(said.acted() ? " acted " : " ")
                        .append(said.headers()));
        Throwable told = error;
        if (told != null) {
            all.append("\n      ").append(told);
            if (told instanceof ApiException known) {
                if (known.getCause() instanceof Error || known.kind() == ErrorKind.OPERATOR_FAILED) {
                    all.append(Judge.everything(known));
                }
                all.append("\n      ").append(known.certainty()).append(' ').append(known.journey());
            }
        } else {
            all.append("\n      last: ").append(last);
        }
        return all.toString();
    }
}
