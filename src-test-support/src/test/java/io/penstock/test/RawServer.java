package io.penstock.test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A server that follows a script byte by byte, on every connection the same one; it counts the requests it has read. */
final class RawServer implements AutoCloseable {

    /** What happens on one connection. An {@code IOException} ends it: the client may always hang up. */
    interface Script {
        void play(Peer peer) throws IOException;
    }

    private final ServerSocket socket;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();

    private RawServer(ServerSocket socket, Script script) {
        this.socket = socket;
        this.script = script;
    }

    static RawServer start(Script script) {
        return start(ServerSocketFactory.getDefault(), script);
    }

    static RawServer start(ServerSocketFactory sockets, Script script) {
        return start(sockets, InetAddress.getLoopbackAddress(), 0, script);
    }

    /** Starts a server at an address of this machine, for tests with several servers of one port. */
    static RawServer start(ServerSocketFactory sockets, InetAddress address, int port, Script script) {
        try {
            RawServer server = new RawServer(sockets.createServerSocket(port, 50, address), script);
            thread(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            for (; ; ) {
                Socket accepted = socket.accept();
                open.add(accepted);
                Peer peer = new Peer(accepted, connections.incrementAndGet(), requests);
                thread(() -> serve(peer));
            }
        } catch (IOException closed) {
            // the end of the test
        }
    }

    private void serve(Peer peer) {
        try (peer.socket) {
            peer.socket.setTcpNoDelay(true); // the pieces of a script arrive as pieces
            script.play(peer);
        } catch (IOException hungUp) {
            // the client has gone
        } finally {
            open.remove(peer.socket);
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    String authority() {
        return "127.0.0.1:" + port();
    }

    /** How many connections were made. */
    int connections() {
        return connections.get();
    }

    /** How many requests were read, of which the head arrived whole. */
    int requests() {
        return requests.get();
    }

    /** How many connections the client keeps. */
    int open() {
        return open.size();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : open) {
            connection.close();
        }
    }

    /** The server's end of one connection. */
    static final class Peer {

        /** What is written goes to the peer's kernel before a reset may take it back. */
        private static final long DELIVERY_MILLIS = 5;

        private final Socket socket;
        private final int number;
        private final AtomicInteger requests;

        private Peer(Socket socket, int number, AtomicInteger requests) {
            this.socket = socket;
            this.number = number;
            this.requests = requests;
        }

        /** From 1, in the order of connecting. */
        int number() {
            return number;
        }

        /** Returns the address that the client connects from. */
        String remoteAddress() {
            return socket.getInetAddress().getHostAddress();
        }

        /** Reads one request, head and body. */
        void request() throws IOException {
            String head = head();
            int at = head.toLowerCase(Locale.ROOT).indexOf("content-length:");
            if (at >= 0) {
                int from = at + "content-length:".length();
                int length = Integer.parseInt(
                        head.substring(from, head.indexOf('\r', from)).strip());
                socket.getInputStream().readNBytes(length);
            }
        }

        /** Reads that many bytes of a body, or as many as come. */
        byte[] body(int bytes) throws IOException {
            return socket.getInputStream().readNBytes(bytes);
        }

        /** Reads the rest of a body that is sent in chunks. */
        byte[] chunks() throws IOException {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                whole.writeBytes(body(size));
                body(2);
            }
            body(2);
            return whole.toByteArray();
        }

        private int chunkSize() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = socket.getInputStream().read();
                    next != '\n';
                    next = socket.getInputStream().read()) {
                if (next < 0) {
                    throw new IOException("no more chunks");
                }
                line.append((char) next);
            }
            return Integer.parseInt(line.toString().strip(), 16);
        }

        /** Takes no more bytes than that into the kernel, so that a client soon notices that nobody reads. */
        void narrow(int bytes) throws IOException {
            socket.setReceiveBufferSize(bytes);
        }

        /** Reads the head of a request and leaves its body unread. */
        String head() throws IOException {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            int last = 0;
            while (last != 0x0d0a0d0a) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("no more requests");
                }
                last = last << 8 | next;
                head.write(next);
            }
            requests.incrementAndGet();
            return head.toString(StandardCharsets.ISO_8859_1);
        }

        void send(String bytes) throws IOException {
            send(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }

        void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /** Counts a request that a script has read by itself. */
        void countRequest() {
            requests.incrementAndGet();
        }

        void pause(long millis) {
            try {
                TimeUnit.MILLISECONDS.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Closes as TCP should be closed: with a FIN, after everything that was written. */
        void fin() throws IOException {
            socket.shutdownOutput();
            silence();
        }

        /** Closes with a RST. */
        void rst() throws IOException {
            pause(DELIVERY_MILLIS);
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Forwards bytes between the client and a port of loopback until one of them hangs up, as a proxy does. */
        void relay(int port) throws IOException {
            try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
                thread(() -> {
                    try (server;
                            socket) {
                        server.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException hungUp) {
                        // one of them has gone
                    }
                });
                socket.getInputStream().transferTo(server.getOutputStream());
            }
        }

        /** Says nothing until the client hangs up. */
        void silence() throws IOException {
            InputStream in = socket.getInputStream();
            byte[] ignored = new byte[8192];
            while (in.read(ignored) >= 0) {
                // whatever the client says
            }
        }
    }
}
