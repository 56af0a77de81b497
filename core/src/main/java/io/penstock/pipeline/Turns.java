package io.penstock.pipeline;

import io.netty.util.internal.ThreadExecutorMap;
import io.penstock.annotation.Internal;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * The failures that end a wait in a {@link TurnLine}, and the thread on which a call continues after it.
 *
 * @hidden
 */
@Internal
public final class Turns {

    private Turns() {}

    /**
     * Returns the event loop of this thread, on which a call continues after its wait, or null if it is no event loop.
     */
    public static @Nullable Executor home() {
        return ThreadExecutorMap.currentExecutor();
    }

    /**
     * Runs a task on the given event loop, or on the scheduler if there is none. Returns the failure if neither accepts
     * it, or null.
     */
    public static @Nullable Failure resume(@Nullable Executor home, Scheduler scheduler, Runnable task) {
        try {
            if (home != null) {
                home.execute(task);
            } else {
                scheduler.schedule(task);
            }
            return null;
        } catch (RejectedExecutionException e) {
            return noThreads();
        } catch (RuntimeException e) {
            return broken(e);
        }
    }

    /**
     * Returns the failure of a call whose deadline has passed in the line.
     *
     * @param waitedFor what the call waited for
     */
    public static Failure deadline(Call call, String waitedFor) {
        return failure(
                        ErrorKind.DEADLINE_EXCEEDED,
                        Retryability.PERMANENT,
                        "deadline of " + call.timeoutNanos() / 1_000_000 + " ms reached while waiting for " + waitedFor)
                .withPhase(Phase.TOTAL);
    }

    /** Returns the failure of a call for which the line has no seat. */
    public static Failure full(String line, int maxWaiting) {
        return failure(
                ErrorKind.POOL_EXHAUSTED,
                Retryability.TRANSIENT,
                line + ": " + maxWaiting + " calls wait already (expected: fewer calls at once, or a longer line)");
    }

    /** Returns the failure of a call that waits when its client is closed. */
    public static Failure closed() {
        return failure(
                ErrorKind.CLIENT_CLOSED,
                Retryability.PERMANENT,
                "the client is closed (expected: an open one; keep it for as long as calls are made)");
    }

    static Failure noThreads() {
        return failure(ErrorKind.CLIENT_CLOSED, Retryability.PERMANENT, "the client's threads take no more tasks");
    }

    static Failure broken(Throwable cause) {
        return failure(
                        ErrorKind.OPERATOR_FAILED,
                        Retryability.TRANSIENT,
                        "waiting in line failed with " + cause.getClass().getSimpleName()
                                + " (see the cause): nothing was sent")
                .withCause(cause);
    }

    private static Failure failure(ErrorKind kind, Retryability retryability, String message) {
        return Failure.of(kind, Certainty.NOT_SENT, retryability, message);
    }
}
