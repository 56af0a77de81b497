package io.penstock;

/** The part of a call whose time ran out, in the order in which a call goes through them. */
public enum Phase {
    /** Waiting for a connection of the pool to become free. */
    QUEUE,
    /** Resolving the name and opening a connection. */
    CONNECT,
    /** The TLS handshake. */
    TLS,
    /** From handing the request to a connection to the head of the response. */
    FIRST_BYTE,
    /** Between two parts of the response, once its head is there. */
    IDLE,
    /** One attempt as a whole, from after its waits to the end of the response. */
    ATTEMPT,
    /** The call as a whole, with all its attempts and waits: its deadline. */
    TOTAL
}
