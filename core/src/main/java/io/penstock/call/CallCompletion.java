package io.penstock.call;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Turns;
import io.penstock.request.KeyLife;
import io.penstock.request.RetryClass;
import io.penstock.timeout.Scope;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The end of a call, which adds the journey and turns the last error into one that covers all attempts. It is the
 * call's entry among the {@link ActiveCalls}.
 *
 * <p>{@code state} decides which signal ends the call: a response, an error, a cancel, or the closing of the client. The
 * thread that moves it to {@code OVER} signals downstream.
 */
abstract class CallCompletion {

    static final byte NOT_LISTED = -1;

    /** No demand yet. */
    static final int NEW = 0;

    static final int RUNNING = 1;
    /** The body is being read, and ends the call itself. */
    static final int READING = 2;

    static final int OVER = 3;

    private static final AtomicIntegerFieldUpdater<CallCompletion> STATE =
            AtomicIntegerFieldUpdater.newUpdater(CallCompletion.class, "state");

    /** The neighbours among the active calls. Guarded by their list. */
    @Nullable
    CallCompletion previous;

    @Nullable
    CallCompletion next;

    /** The list of this call. Written under its lock. */
    volatile byte list = NOT_LISTED;

    private volatile int state;

    final Call call;
    final ClientRuntime client;
    /** What encloses the call, or null. */
    final @Nullable Scope scope;

    CallCompletion(Call call, ClientRuntime client, @Nullable Scope scope) {
        this.call = call;
        this.client = client;
        this.scope = scope;
    }

    /** Ends the call with an error because the client is closed, unless something else has ended it. */
    abstract void endEarly();

    /** Adapts the call to the closing of its client, see {@link ActiveCalls#close}. */
    final void closing(long untilNanos, long nowNanos) {
        call.endsBy(untilNanos);
        boolean late = untilNanos - nowNanos <= 0 || call.resumesAtNanos() - untilNanos > 0;
        if (late && !call.isSending()) {
            endEarly();
        }
    }

    /** Moves from one state to another; returns false if the call is in neither. */
    final boolean moves(int from, int to) {
        return STATE.compareAndSet(this, from, to);
    }

    /** Moves to {@code OVER}; returns false if the call had ended before. */
    final boolean ends() {
        return STATE.getAndSet(this, OVER) != OVER;
    }

    /** Removes the call from the active ones, after its last signal. */
    final void leaves() {
        client.active().leave(this);
    }

    final boolean isOver() {
        return state == OVER;
    }

    /** Returns the error of a call that the closing of its client ends: its certainty is that of its sends so far. */
    final ApiException clientClosed() {
        return new ApiException(clientClosed(call.certainty()));
    }

    static Failure clientClosed(Certainty certainty) {
        return certainty == Certainty.NOT_SENT
                ? Turns.closed()
                : Failure.of(
                        ErrorKind.CLIENT_CLOSED,
                        certainty,
                        Retryability.PERMANENT,
                        "the client was closed before the call had ended (expected: more time to end,"
                                + " closeGracefully(limit))");
    }

    /** Returns the error of the call, with its journey. */
    final ApiException concluded(Throwable error) {
        ApiException failed = ofAllAttempts(asOfClosing(ofThisCall(error)));
        KeyLife life = call.plan().keyLife();
        boolean actsOnce =
                call.plan().retryClass() != RetryClass.UNSAFE && (life == null || !life.isOver(call.nowNanos()));
        return failed.conclude(journey(failed.failure().message()), call.retryAt(), actsOnce);
    }

    /** Returns the end at a deadline that the client's closing has brought forward as what it is. */
    private ApiException asOfClosing(ApiException failed) {
        return failed.kind() == ErrorKind.DEADLINE_EXCEEDED && call.isCutShort()
                ? new ApiException(clientClosed(call.certaintyWith(failed.failure())))
                : failed;
    }

    /**
     * Returns the error as a failure of this call. An untyped error, or one that already ended another call, came from
     * a user's operator.
     */
    private ApiException ofThisCall(Throwable error) {
        boolean typed = error instanceof ApiException known && known.journey() == Journey.none();
        return typed
                ? (ApiException) error
                : new ApiException(Failure.of(
                                ErrorKind.OPERATOR_FAILED,
                                call.certainty(),
                                Retryability.PERMANENT,
                                "an operator failed with " + error.getClass().getSimpleName() + " (see the cause)")
                        .withCause(error));
    }

    /**
     * Returns the error with the certainty of all attempts: a refusal of the last attempt says nothing about the effect
     * of an earlier one.
     */
    private ApiException ofAllAttempts(ApiException last) {
        Certainty known = call.certaintyWith(last.failure());
        if (known == last.certainty()) {
            return last;
        }
        Failure whole = known.compareTo(last.certainty()) > 0 && known.mayHaveActed()
                ? last.failure().afterAttempt(known)
                : last.failure().withCertainty(known);
        return last.getClass() == ApiException.class
                ? new ApiException(whole)
                : client.exceptions().apply(whole);
    }

    final Journey journey(@Nullable String ending) {
        return Journey.of(call, ending, scope == null ? null : scope.parent());
    }
}
