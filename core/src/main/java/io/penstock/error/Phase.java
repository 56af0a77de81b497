package io.penstock.error;

/** The part of a call that timed out. The constants are in the order in which a call passes through them. */
public enum Phase {
    /** Waiting for a pooled connection to become free. */
    QUEUE,
    /** Resolving the name and opening a connection. */
    CONNECT,
    /** The TLS handshake. */
    TLS,
    /**
     * Between two parts of a body that is read while it is sent. The server accepted no more of it within the time that
     * is allowed between two parts of a response, or within the attempt timeout if that is shorter.
     */
    SEND,
    /**
     * From handing the request to a connection to the head of the response. For a body that is read while it is sent,
     * this begins at the end of the body.
     */
    FIRST_BYTE,
    /** Between two parts of the response, after its head has arrived. */
    IDLE,
    /** One attempt as a whole, from after its waits to the end of the response. */
    ATTEMPT,
    /** The call as a whole, with all its attempts and waits: its deadline. */
    TOTAL
}
