package io.penstock.test;

import io.penstock.ApiClient;

/** A check that a client has given all its connections back. */
public final class Connections {

    private Connections() {}

    /**
     * Waits up to 30 s until no connection of the client is in use and no call waits for one. It blocks: call it from
     * the test's own thread.
     *
     * @throws AssertionError if a connection is still in use then
     */
    public static void awaitReturn(ApiClient client) {
        if (!Await.holds(() ->
                client.inspect().connections().stream().allMatch(pool -> pool.active() == 0 && pool.pending() == 0))) {
            throw new AssertionError(
                    "connections in use after the test: " + client.inspect().connections());
        }
    }
}
