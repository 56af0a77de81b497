package io.penstock.error;

/** The part of a call whose time ran out, in the order in which a call goes through them. */
public enum Phase {
    /** Waiting for a connection of the pool to become free. */
    QUEUE,
    /** Resolving the name and opening a connection. */
    CONNECT,
    /** The TLS handshake. */
    TLS,
    /**
     * Between two parts of a body that is read while it is sent: the server has taken nothing more of it for the time that
     * is allowed between two parts of a response, or for that of an attempt where it is shorter.
     */
    SEND,
    /**
     * From handing the request to a connection to the head of the response; for a body that is read while it is sent, from
     * the end of the body.
     */
    FIRST_BYTE,
    /** Between two parts of the response, once its head is there. */
    IDLE,
    /** One attempt as a whole, from after its waits to the end of the response. */
    ATTEMPT,
    /** The call as a whole, with all its attempts and waits: its deadline. */
    TOTAL
}
