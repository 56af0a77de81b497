package io.penstock.test.proof;

/** What happens at the chosen byte. */
enum Ending {
    /** The server closes its side; what the client still sends is thrown away. */
    FIN,
    /** As FIN, but without the notice with which TLS closes. */
    TRUNCATED,
    /** The server resets the connection. */
    RST,
    /** The server says nothing more: the attempt timeout decides. */
    STALL,
    /** As STALL, but a whole request is acted on after the client has hung up, as by a server behind a queue. */
    LATE,
    /** The server sends another whole answer together with this one, and leaves it to the client to hang up. */
    LEFTOVER,
    /** The caller cancels. */
    CANCEL,
    /** The client is closed. */
    CLOSE;

    /** Whether it is the client's side that ends the call, so that its outcome is not the server's to decide. */
    boolean ofTheClient() {
        return this == CANCEL || this == CLOSE;
    }
}
