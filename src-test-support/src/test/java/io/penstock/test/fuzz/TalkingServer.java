package io.penstock.test.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** A server that hears requests and says what it is told to; it counts those that it leaves without an answer. */
final class TalkingServer implements AutoCloseable {

    /** One request: its headers have names in lower case. */
    record Heard(String method, String target, Map<String, String> headers) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** What is said to a request, on a thread of its connection. */
    interface Speaker {
        Said say(Heard request);
    }

    private final ServerSocket socket;
    private final Executor threads;
    private final Speaker speaker;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Heard> stalled = ConcurrentHashMap.newKeySet();

    TalkingServer(Executor threads, Speaker speaker) throws IOException {
        this.threads = threads;
        this.speaker = speaker;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** The requests that wait for an answer that never comes. */
    Set<Heard> stalledRequests() {
        return Set.copyOf(stalled);
    }

    private void accept() {
        try {
            for (; ; ) {
                Socket accepted = socket.accept();
                accepted.setTcpNoDelay(true);
                open.add(accepted);
                threads.execute(() -> serve(accepted));
            }
        } catch (IOException closed) {
            // the end of the test
        }
    }

    private void serve(Socket peer) {
        try (peer) {
            InputStream in = new BufferedInputStream(peer.getInputStream());
            for (Heard request = hear(in); request != null; request = hear(in)) {
                Said answer = speaker.say(request);
                if (answer.manner() == Said.Manner.STALLS) {
                    stall(in, request);
                    return;
                }
                if (answer.manner() == Said.Manner.HANGS_UP) {
                    return;
                }
                peer.getOutputStream().write(answer.bytes());
                if (!answer.keepsConnection()) {
                    peer.shutdownOutput();
                    in.transferTo(ByteArrayOutputStream.nullOutputStream());
                    return;
                }
            }
        } catch (IOException hungUp) {
            // the client has gone
        } finally {
            open.remove(peer);
        }
    }

    private void stall(InputStream in, Heard request) throws IOException {
        stalled.add(request);
        try {
            in.transferTo(ByteArrayOutputStream.nullOutputStream());
        } finally {
            stalled.remove(request);
        }
    }

    private static Heard hear(InputStream in) throws IOException {
        String head = head(in);
        if (head == null) {
            return null;
        }
        List<String> lines = head.lines().toList();
        String[] request = lines.get(0).split(" ", 3);
        Map<String, String> headers = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Heard(request[0], request[1], headers);
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int last = 0, next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            last = last << 8 | next;
            if (last == 0x0d0a0d0a) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : open) {
            connection.close();
        }
    }
}
