package io.penstock.test.simulator;

/** How the server leaves a connection. */
enum Ending {
    /** In order: the peer reads what was sent, then the end of the stream. */
    FIN,
    /** Abortively: the peer's next read fails. */
    RST
}
