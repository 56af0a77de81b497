package io.penstock.test.simulator.streams;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server on loopback with a blocking thread for each connection, so its writes wait until the client reads.
 * It closes a connection after one response. It answers 404 for paths without an answer. It ignores request bodies.
 */
public final class StreamServer implements AutoCloseable {

    private static final int MOST_HEAD = 64 * 1024;

    private final ServerSocket socket;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /**
     * A request that arrived.
     *
     * @param method the method
     * @param target the path and query as sent
     * @param headers the headers by lower-case name
     */
    public record Request(String method, String target, Map<String, String> headers) {}

    /** The answer of a path. An {@code IOException} ends the connection, because a client may hang up at any time. */
    @FunctionalInterface
    public interface Answer {
        /** Writes the head and the body of the response. */
        void write(Request request, Wire wire) throws IOException;
    }

    private StreamServer(ServerSocket socket) {
        this.socket = socket;
    }

    /** Starts a server on any free port. It is listening when this method returns. */
    public static StreamServer start() {
        try {
            StreamServer server = new StreamServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            thread(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "stream-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Sets the answer for an exact path without the query. It replaces an earlier one. Returns this server. */
    public StreamServer put(String path, Answer answer) {
        answers.put(path, answer);
        return this;
    }

    /** Returns {@code http://127.0.0.1:<port>}. */
    public URI origin() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** Returns all requests whose head was read whole, in order. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    private void accept() {
        try {
            for (; ; ) {
                Socket accepted = socket.accept();
                open.add(accepted);
                if (socket.isClosed()) {
                    accepted.close(); // accepted while the others were closed
                }
                thread(() -> serve(accepted));
            }
        } catch (IOException closed) {
            // The server has been closed.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            Request request = read(new BufferedInputStream(connection.getInputStream()));
            requests.add(request);
            Wire wire = new Wire(connection);
            String path = request.target().replaceFirst("\\?.*", "");
            Answer answer = answers.get(path);
            if (answer == null) {
                wire.send("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            } else {
                answer.write(request, wire);
            }
            wire.end();
        } catch (IOException hungUp) {
            // The client has disconnected.
        } finally {
            open.remove(connection);
        }
    }

    private static Request read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        while (last != 0x0d0a0d0a) {
            int next = in.read();
            if (next < 0 || head.size() > MOST_HEAD) {
                throw new IOException("no request");
            }
            last = last << 8 | next;
            head.write(next);
        }
        String[] lines = head.toString(StandardCharsets.ISO_8859_1).split("\r\n", -1);
        String[] first = lines[0].split(" ", -1);
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 0) {
                continue; // a blank line
            }
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        return new Request(first[0], first[1], Map.copyOf(headers));
    }

    @Override
    public void close() {
        UncheckedIOException failure = close(socket, null);
        for (Socket connection : open) {
            failure = close(connection, failure);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static @Nullable UncheckedIOException close(Closeable what, @Nullable UncheckedIOException earlier) {
        try {
            what.close();
            return earlier;
        } catch (IOException e) {
            return earlier == null ? new UncheckedIOException(e) : earlier;
        }
    }
}
