package io.penstock.call;

import io.penstock.annotation.Internal;
import io.penstock.error.ErrorKind;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import io.penstock.timeout.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The calls of a client that are under way: from their first demand until they have ended, whichever way. They are
 * linked into lists of their own fields, one list for a few threads, so that a call costs no object and hardly ever
 * waits for another one.
 *
 * <pre>
 *  open      every call enters
 *  closing   only calls inside a call that is under way enter
 *  closed    no call enters; those that are left are ended
 * </pre>
 *
 * @hidden
 */
@Internal
public final class ActiveCalls {

    private static final int LISTS = 16;

    private final Head[] lists = new Head[LISTS];
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private final Sinks.Empty<Void> empty = Sinks.empty();
    private volatile boolean isClosing;
    private volatile boolean isClosed;
    private volatile long endNanos;
    private volatile long lastSuccessMillis = Long.MIN_VALUE;
    private volatile @Nullable LastFailure lastFailure;

    /**
     * The last error of a call.
     *
     * @param kind its kind
     * @param at when the call ended
     * @hidden
     */
    @Internal
    public record LastFailure(ErrorKind kind, Instant at) {}

    /** One of the lists. It guards itself and the links of its calls. */
    private static final class Head {
        private @Nullable CallCompletion first;
        private int size;
    }

    /** Creates an empty set. */
    public ActiveCalls() {
        for (int i = 0; i < LISTS; i++) {
            lists[i] = new Head();
        }
    }

    /** Returns whether a call that starts now is refused. */
    boolean refuses(@Nullable Scope scope) {
        return isClosing && (isClosed || scope == null || !scope.isInsideCall());
    }

    /** Adds a call. Returns false if it is refused. */
    boolean enter(CallCompletion call, @Nullable Scope scope) {
        int index = (int) Thread.currentThread().getId() & LISTS - 1;
        Head list = lists[index];
        synchronized (list) {
            if (refuses(scope)) {
                return false;
            }
            call.list = (byte) index;
            CallCompletion second = list.first;
            call.next = second;
            if (second != null) {
                second.previous = call;
            }
            list.first = call;
            list.size++;
        }
        if (isClosing) {
            call.call.endsBy(endNanos);
        }
        return true;
    }

    /** Removes a call that has ended. A call that is not there is ignored. */
    @SuppressWarnings("ReferenceEquality") // this call, not an equal one
    void leave(CallCompletion call) {
        int index = call.list;
        if (index < 0) {
            return;
        }
        Head list = lists[index];
        synchronized (list) {
            if (call.list < 0) {
                return;
            }
            call.list = CallCompletion.NOT_LISTED;
            CallCompletion before = call.previous;
            CallCompletion after = call.next;
            if (before == null) {
                list.first = after;
            } else {
                before.next = after;
            }
            if (after != null) {
                after.previous = before;
            }
            call.previous = null;
            call.next = null;
            list.size--;
        }
        if (isClosing) {
            tellIfEmpty();
        }
    }

    /** Records a call that ended with a response. */
    void succeeded(long atMillis) {
        lastSuccessMillis = atMillis;
    }

    /** Records a call that ended with an error. */
    void failed(ErrorKind kind, long atMillis) {
        lastFailure = new LastFailure(kind, Instant.ofEpochMilli(atMillis));
    }

    /** Returns when a call last ended with a response, or null. */
    public @Nullable Instant lastSuccessAt() {
        long millis = lastSuccessMillis;
        return millis == Long.MIN_VALUE ? null : Instant.ofEpochMilli(millis);
    }

    /** Returns the last error of a call, or null. */
    public @Nullable LastFailure lastFailure() {
        return lastFailure;
    }

    /** Returns whether new calls are refused. */
    public boolean isClosing() {
        return isClosing;
    }

    /** Returns how many calls are under way. */
    public int size() {
        int size = 0;
        for (Head list : lists) {
            synchronized (list) {
                size += list.size;
            }
        }
        return size;
    }

    /**
     * Refuses new calls from now on. Ends the calls that wait and will not be sent before the given time; the others
     * wait no longer than that. Calls that have been sent go on. May be called repeatedly, for an earlier end.
     *
     * @param untilNanos the end of all waits, on the clock of the calls
     * @param nowNanos the present time on that clock
     */
    public void close(long untilNanos, long nowNanos) {
        if (!isClosing || untilNanos - endNanos < 0) {
            endNanos = untilNanos;
        }
        isClosing = true;
        for (CallCompletion call : snapshot()) {
            call.closing(untilNanos, nowNanos);
        }
        closing.tryEmitEmpty();
        tellIfEmpty();
    }

    /** Refuses all calls, and ends those that are left. */
    public void endAll() {
        isClosed = true;
        isClosing = true;
        for (CallCompletion call : snapshot()) {
            call.endEarly();
        }
        closing.tryEmitEmpty();
        tellIfEmpty();
    }

    /** Completes when new calls are refused and none is under way. */
    public Mono<Void> whenEmpty() {
        return empty.asMono();
    }

    /** Returns a wait between two calls, which ends early if new calls are refused: the next one then says so. */
    public Mono<Long> pause(Duration wait, Scheduler scheduler) {
        return Mono.firstWithSignal(
                SubscriberContext.delay(wait, scheduler), closing.asMono().thenReturn(0L));
    }

    private List<CallCompletion> snapshot() {
        List<CallCompletion> all = new ArrayList<>();
        for (Head list : lists) {
            synchronized (list) {
                for (CallCompletion call = list.first; call != null; call = call.next) {
                    all.add(call);
                }
            }
        }
        return all;
    }

    private void tellIfEmpty() {
        if (size() == 0) {
            empty.tryEmitEmpty();
        }
    }
}
