package io.penstock.test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a {@link RawServer} saw of the uploads to it, byte for byte. Each connection is for one of them. */
final class UploadServer implements AutoCloseable {

    static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    /** What happens to one upload, of which the head was read. */
    interface Reading {
        byte[] read(RawServer.Peer peer, String head) throws IOException;
    }

    /** One upload. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
    record Received(String head, byte[] body) {
        String header(String name) {
            for (String line : head.lines().toList()) {
                if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return "";
        }
    }

    private final List<Received> received = new ArrayList<>();
    private final RawServer server;

    private UploadServer(Reading... readings) {
        server = RawServer.start(peer -> {
            Reading reading = readings[Math.min(peer.number(), readings.length) - 1];
            String head = peer.head();
            byte[] body = reading.read(peer, head);
            synchronized (received) {
                received.add(new Received(head, body));
            }
            peer.send(OK);
            peer.silence();
        });
    }

    /** The first reading for the first connection, and so on; the last one for all others. */
    static UploadServer reading(Reading... readings) {
        return new UploadServer(readings);
    }

    /** Reads the whole body. */
    static byte[] whole(RawServer.Peer peer, String head) throws IOException {
        if (head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
            return peer.chunks();
        }
        byte[] body = peer.body(length(head));
        if (body.length < length(head)) {
            throw new IOException("not whole");
        }
        return body;
    }

    /** Reads so much of the body, then resets the connection. */
    static Reading cutAfter(int bytes) {
        return (peer, head) -> {
            peer.body(bytes);
            peer.rst();
            throw new IOException("cut");
        };
    }

    static int length(String head) {
        return Integer.parseInt(new Received(head, new byte[0]).header("content-length"));
    }

    /** The uploads that arrived whole, in their order. */
    List<Received> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    RawServer raw() {
        return server;
    }

    String uri() {
        return "http://" + server.authority() + "/";
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
