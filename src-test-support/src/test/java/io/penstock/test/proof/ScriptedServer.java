package io.penstock.test.proof;

import io.penstock.test.HeldPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server that plays a script byte by byte, on blocking sockets and threads of its own. It serves one case
 * at a time; a connection may outlive its case, so that the next finds a used one.
 */
final class ScriptedServer implements AutoCloseable {

    /** The status of what is left behind another answer, and of nothing else. */
    static final int LEFTOVER_STATUS = 202;

    private static final byte[] LEFTOVER = ("HTTP/1.1 " + LEFTOVER_STATUS
                    + " X\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{\"id\":\"9\"}")
            .getBytes(StandardCharsets.US_ASCII);

    private static final int LARGEST_REQUEST = 4096;
    /** Longer than a loopback needs to deliver, so that a reset does not overtake what was sent before it. */
    private static final long BEFORE_RESET_NANOS = 2_000_000;

    private static final long LONGEST_CATCH_UP_NANOS = 100_000_000;

    private final Executor threads;
    private final @Nullable SSLContext tls;
    /** Held, so that nobody else takes it while nobody listens. */
    private final HeldPort port;

    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket listening;
    private volatile Play play;
    private volatile int lastAccepted;
    private volatile long stalledAtNanos;
    private volatile boolean stalled;

    /**
     * Starts a server.
     *
     * @param tls with which it talks; null for a server of plain HTTP
     */
    ScriptedServer(Executor threads, @Nullable SSLContext tls) throws IOException {
        this.threads = threads;
        this.tls = tls;
        this.port = HeldPort.take();
        this.listening = listen(port.number());
        threads.execute(() -> accept(listening));
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** A closed socket is gone only when the thread that waited in it has left. */
    private ServerSocket listenAgain() throws IOException {
        for (int tries = 0; ; tries++) {
            try {
                return listen(port.number());
            } catch (IOException notGone) {
                if (tries == 1000) {
                    throw notGone;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    int port() {
        return port.number();
    }

    /** Whether it has said for so long nothing that only a timeout ends an attempt; tells it once. */
    boolean hasStalledFor(long nanos) {
        if (stalled && System.nanoTime() - stalledAtNanos >= nanos) {
            stalled = false;
            return true;
        }
        return false;
    }

    /** Plays this from now on. All connections of the case before have to be idle. */
    void play(Play newPlay) throws IOException {
        play = newPlay;
        stalled = false;
        if (newPlay.refusesFirst()) {
            refuse();
        } else if (listening.isClosed()) {
            ServerSocket again = listenAgain();
            listening = again;
            threads.execute(() -> accept(again));
        }
    }

    private void refuse() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new IllegalStateException("a listening socket does not close", e);
        }
    }

    /** Whether every connection is gone, or kept and idle. */
    boolean isQuiet() {
        return connections.stream().allMatch(c -> c.idle);
    }

    boolean hasIdleConnection() {
        return connections.stream().anyMatch(c -> c.idle);
    }

    boolean hasConnection() {
        return !connections.isEmpty();
    }

    /** Closes the kept connections; they are gone once the client has closed them too. */
    void closeIdle() {
        for (Connection connection : connections) {
            connection.finish();
        }
    }

    /** Gives connections that were made before time to be accepted: that is done in the order of making. */
    void catchUp() {
        long until = System.nanoTime() + LONGEST_CATCH_UP_NANOS;
        try (Socket last = new Socket(InetAddress.getLoopbackAddress(), port.number())) {
            while (lastAccepted != last.getLocalPort() && System.nanoTime() - until < 0) {
                LockSupport.parkNanos(100_000);
            }
        } catch (IOException notListening) {
            // then there are none
        }
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                Connection connection = new Connection(from.accept());
                connections.add(connection);
                lastAccepted = connection.wire.getPort();
                threads.execute(connection);
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Connection connection : connections) {
            connection.wire.close();
        }
        port.close();
    }

    /** One connection and its thread. */
    private final class Connection implements Runnable {
        /** What {@code socket} stands on if it is one of TLS. */
        private final Socket wire;

        private final Socket socket;
        private final byte[] buffer = new byte[LARGEST_REQUEST];
        private volatile boolean idle;

        Connection(Socket wire) throws IOException {
            this.wire = wire;
            this.socket =
                    tls == null ? wire : tls.getSocketFactory().createSocket(wire, InputStream.nullInputStream(), true);
        }

        @Override
        public void run() {
            try (socket) {
                socket.setTcpNoDelay(true);
                if (socket instanceof SSLSocket secured) {
                    secured.startHandshake();
                }
                boolean kept = !play.endsBeforeTheFirstByte() || serve(0);
                while (kept) {
                    int first = socket.getInputStream().read();
                    if (first < 0) {
                        return;
                    }
                    idle = false;
                    buffer[0] = (byte) first;
                    kept = serve(1);
                    idle = kept;
                }
            } catch (IOException lost) {
                // the client hung up: what was read and acted on is in the books already
            } finally {
                connections.remove(this);
            }
        }

        /** Whether the connection can carry another request. */
        private boolean serve(int count) throws IOException {
            Play current = play;
            Step step = current.next();
            World.Arrival arrival = current.world().arrive();
            WireRequest request = read(current.world(), arrival, count, limit(step));
            if (step instanceof Step.Early early) {
                current.world().told(arrival, early.answer());
                socket.getOutputStream().write(early.answer().bytes(Answer.Framing.LENGTH));
                if (early.ending() == Ending.STALL) {
                    awaitHangUp(); // the client has its answer, and nothing to wait for
                } else {
                    end(current, early.ending(), request);
                }
                return false;
            }
            if (step instanceof Step.Reply reply) {
                return request != null && answer(current, arrival, request, reply);
            }
            Ending ending = step instanceof Step.Cut cut ? cut.ending() : Ending.RST;
            if (request != null && ending != Ending.LATE) {
                current.world().act(request);
            }
            end(current, ending, request);
            return false;
        }

        private static int limit(Step step) {
            if (step instanceof Step.Cut cut) {
                return cut.bytes();
            }
            return step instanceof Step.Early early ? early.bytes() : step instanceof Step.Refuse ? 0 : LARGEST_REQUEST;
        }

        private @Nullable WireRequest read(World world, World.Arrival arrival, int already, int limit)
                throws IOException {
            InputStream in = socket.getInputStream();
            int count = already;
            WireRequest request = WireRequest.of(buffer, count);
            while (request == null && count < limit) {
                int more = in.read(buffer, count, limit - count);
                if (more < 0) {
                    world.read(arrival, count, buffer[0], null);
                    throw new IOException("closed by the client inside its request");
                }
                count += more;
                request = WireRequest.of(buffer, count);
            }
            world.read(arrival, count, buffer[0], request);
            return request;
        }

        private boolean answer(Play current, World.Arrival arrival, WireRequest request, Step.Reply reply)
                throws IOException {
            Answer answer = reply.answer();
            if (answer.acts()) {
                Answer natural = current.world().act(request);
                boolean honest = reply.bytes() == Step.ALL || World.isLookup(request);
                answer = honest && answer.success() ? natural : answer;
            }
            byte[] bytes = answer.bytes(reply.framing(), request.method());
            int count = Math.min(reply.bytes(), bytes.length);
            if (count >= answer.headLength(reply.framing())) {
                current.world().told(arrival, answer);
            }
            Ending ending = reply.ending();
            boolean kept = count == bytes.length
                    && (ending == Ending.STALL || ending.ofTheClient())
                    && (reply.framing() != Answer.Framing.UNTIL_CLOSE || answer.contentless());
            if (current.refusesNext()) {
                refuse();
            }
            idle = kept;
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            sent.write(bytes, 0, count);
            if (ending == Ending.LEFTOVER) {
                sent.writeBytes(LEFTOVER);
            }
            socket.getOutputStream().write(sent.toByteArray());
            if (!kept) {
                end(current, ending, request);
            } else if (ending.ofTheClient()) {
                current.trigger().run();
            }
            return kept;
        }

        private void end(Play current, Ending ending, @Nullable WireRequest request) throws IOException {
            if (current.refusesNext()) {
                refuse();
            }
            switch (ending) {
                case RST -> {
                    LockSupport.parkNanos(BEFORE_RESET_NANOS);
                    wire.setSoLinger(true, 0);
                    wire.close();
                    return;
                }
                case FIN -> socket.shutdownOutput();
                case TRUNCATED -> wire.shutdownOutput();
                case LEFTOVER -> {
                    // the client has to hang up
                }
                case CANCEL, CLOSE -> current.trigger().run();
                case STALL, LATE -> {
                    stalledAtNanos = System.nanoTime();
                    stalled = true;
                }
            }
            awaitHangUp();
            if (ending == Ending.LATE && request != null) {
                current.world().act(request);
            }
        }

        private void awaitHangUp() {
            try {
                while (socket.getInputStream().read(buffer) >= 0) {
                    // more of a request that the server has stopped to look at
                }
            } catch (IOException reset) {
                // a hang-up too
            }
        }

        private void finish() {
            try {
                socket.shutdownOutput();
            } catch (IOException gone) {
                // just what was wanted
            }
        }
    }
}
