package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import io.penstock.error.Failure;
import io.penstock.http.ResponseHead;

/** Sees the head of every response, whatever its status, before the body is read. */
@Internal
public interface HeadListener {

    /** Called on the connection's event loop; it must not block, and what it throws fails the attempt. */
    void onHead(Attempt attempt, ResponseHead head);

    /**
     * Called on the connection's event loop when the answer has been read and is a failure, whatever its status: what it means
     * is known only now. The same rules hold as for {@link #onHead}.
     */
    default void onFailure(Attempt attempt, ResponseHead head, Failure failure) {}

    /** Returns a line for {@code client.inspect().explain(request)}. */
    String describe();
}
