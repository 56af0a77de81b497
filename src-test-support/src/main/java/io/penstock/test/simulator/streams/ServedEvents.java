package io.penstock.test.simulator.streams;

import java.io.IOException;

/**
 * Numbered events, {@code data: event <n>} with {@code id: <n>}, from the one after {@code Last-Event-ID} on. It drops the
 * connection after some, and answers 204 when all have been seen.
 */
public final class ServedEvents implements StreamServer.Answer {

    private final int total;
    private final int perConnection;
    private final boolean byReset;

    /**
     * A stream.
     *
     * @param perConnection after how many events each connection is dropped
     * @param byReset whether it is reset in the middle of an event; otherwise it is closed as if it had ended
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

    /** A reset takes back what the client's kernel has not handed on. */
    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
