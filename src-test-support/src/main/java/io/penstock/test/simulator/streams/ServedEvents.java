package io.penstock.test.simulator.streams;

import java.io.IOException;

/**
 * A stream of numbered events, {@code data: event <n>} with {@code id: <n>}, which starts with the one after
 * {@code Last-Event-ID}. It drops each connection after some events, and answers 204 when the client has seen all of
 * them.
 */
public final class ServedEvents implements StreamServer.Answer {

    private final int total;
    private final int perConnection;
    private final boolean byReset;

    /**
     * Creates a stream.
     *
     * @param total the number of events
     * @param perConnection the number of events after which each connection is dropped
     * @param byReset whether the connection is reset in the middle of the next event; otherwise it is closed as if the
     *     stream had ended. The connection with the last event is always closed
     */
    public ServedEvents(int total, int perConnection, boolean byReset) {
        this.total = total;
        this.perConnection = perConnection;
        this.byReset = byReset;
    }

    @Override
    public void write(StreamServer.Request request, Wire wire) throws IOException {
        int seen = Integer.parseInt(request.headers().getOrDefault("last-event-id", "0"));
        if (seen >= total) {
            wire.send("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
            return;
        }
        wire.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n");
        wire.send("transfer-encoding: chunked\r\nconnection: close\r\n\r\n");
        chunk(wire, "retry: 5\n\n");
        int last = Math.min(total, seen + perConnection);
        for (int n = seen + 1; n <= last; n++) {
            chunk(wire, ": a comment\nid: " + n + "\ndata: event " + n + "\n\n");
        }
        if (byReset && last < total) {
            chunk(wire, "id: " + (last + 1) + "\ndata: half of");
            pause();
            wire.reset();
        } else {
            wire.send("0\r\n\r\n");
        }
    }

    private static void chunk(Wire wire, String text) throws IOException {
        wire.send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    /** Waits before a reset, because a reset discards data that the client has not read from its kernel yet. */
    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
