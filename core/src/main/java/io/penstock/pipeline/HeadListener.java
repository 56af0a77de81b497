package io.penstock.pipeline;

/** An operator that wants to see the head of every response, whatever its status, before the body is read. */
public interface HeadListener {

    /** Called on the connection's event loop; it must not block, and what it throws fails the attempt. */
    void onHead(Attempt attempt, ResponseHead head);
}
