package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import io.penstock.error.Failure;
import io.penstock.http.ResponseHead;

/**
 * A listener for the head of every response, whatever its status, before the body is read.
 *
 * @hidden
 */
@Internal
public interface HeadListener {

    /**
     * Called on the connection's event loop with the head. It must not block. An exception that it throws fails the
     * attempt.
     */
    void onHead(Attempt attempt, ResponseHead head);

    /**
     * Called on the connection's event loop when the response has been read and turns out to be a failure, whatever its
     * status. The rules of {@link #onHead} apply.
     */
    default void onFailure(Attempt attempt, ResponseHead head, Failure failure) {}

    /** Returns a line for {@code client.inspect().explain(request)}. */
    String describe();
}
