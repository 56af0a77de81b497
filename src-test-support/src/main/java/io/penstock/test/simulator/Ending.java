package io.penstock.test.simulator;

/** The way in which the server ends a connection. */
enum Ending {
    /** An orderly close: the peer reads all data that was sent, then the end of the stream. */
    FIN,
    /** A reset: the peer's next read fails. */
    RST
}
