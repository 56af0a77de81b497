package io.penstock.retry;

import io.penstock.annotation.Internal;
import io.penstock.pipeline.TurnLine;
import org.jspecify.annotations.Nullable;

/**
 * A client's budget for retries.
 *
 * @hidden
 */
@Internal
public interface Budget {

    /** Records the start of a call. */
    void deposit();

    /** Returns whether the budget covers a retry. */
    boolean available(long nowNanos);

    /** Returns how many retries the budget covers; infinite if it has no bound. */
    double balance(long nowNanos);

    /** Takes one retry out of the budget; returns false if it is used up. */
    boolean withdraw();

    /** Puts back a retry that was taken out and not sent. */
    void unused();

    /** Records the success of a call, at the first attempt or after a retry. */
    void succeeded(boolean retried);

    /** Records the failure of a retry. */
    void retryFailed();

    /** Returns the queue of retries that wait for budget, or null if retries never wait. */
    @Nullable
    TurnLine line();
}
