package io.penstock.retry;

import io.penstock.annotation.Internal;
import io.penstock.pipeline.TurnLine;
import org.jspecify.annotations.Nullable;

/** What a client may spend on retries. */
@Internal
public interface Budget {

    /** A call begins. */
    void deposit();

    /** Whether a retry can be paid for. */
    boolean available(long nowNanos);

    /** Takes a retry out; false if there is none. */
    boolean withdraw();

    /** A call has succeeded, in its first attempt or after a retry. */
    void succeeded(boolean retried);

    /** A retry has failed. */
    void retryFailed();

    /** The line of those who wait for a retry; null where nobody waits. */
    @Nullable
    TurnLine line();
}
