package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.penstock.ApiClient;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.proof.WithoutLogs;
import io.penstock.transport.ConnectionOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * 10 000 connections at once, or as many as the system allows: all are used, used again, and closed, and afterwards
 * nothing is left. The server runs in a process of its own, because each end takes a file descriptor.
 */
@Tag("proof")
@ExtendWith(WithoutLogs.class)
class ManyConnectionsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int WANTED = 10_000;
    /** File descriptors for everything else: jars, logs, event loops. */
    private static final int RESERVED = 1_000;

    private static final long HEAP_SLACK = 16L << 20;
    private static final String HELD = "held";

    @Test
    void usesReusesAndClosesThousandsOfConnections(@TempDir Path directory) throws Exception {
        int count = allowed();
        Path address = directory.resolve("port");
        CompletableFuture<Void> server = CompletableFuture.runAsync(() -> {
            try {
                ChildJvm.run(
                        PATIENCE.multipliedBy(2),
                        List.of("-Xmx512m"),
                        HoldingServer.class,
                        address.toString(),
                        Integer.toString(count));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Eventually.until(() -> Files.exists(address) || server.isDone());
        int port = Integer.parseInt(Files.readString(address));
        BufferLeaks leaks = BufferLeaks.watch();
        long before;
        long open;
        double took;
        try (ApiClient client = client(port, count)) {
            answers(client, "warm-up-", 100, 8);
            before = LiveHeap.bytes();
            long began = System.nanoTime();

            answers(client, HELD, count, count); // answered once all of them have arrived
            awaitUse(client, count, 0);
            took = (System.nanoTime() - began) / 1e9;
            open = LiveHeap.bytes() - before;
            answers(client, "again-", 2 * count, 500);
            awaitUse(client, count, 0);

            List<Disposable> cancelled = new ArrayList<>();
            for (int i = 0; i < count - 1; i++) { // one too few, so that none is answered
                cancelled.add(client.execute(ApiRequest.get(HELD + i)).subscribe());
            }
            Eventually.until(() -> client.value(ApiRequest.get("waiting"))
                    .map(answer -> answer.path("for").asString().equals(Integer.toString(count - 1)))
                    .block(PATIENCE));
            awaitUse(client, 1, count - 1);
            cancelled.forEach(Disposable::dispose);
            awaitUse(client, 1, 0);
            answers(client, "last-", 10, 1);
            client.closeLater().block(PATIENCE);
        }
        assertThat(server).succeedsWithin(PATIENCE); // it ends when every connection has been closed
        long kept = LiveHeap.bytes() - before;
        System.out.printf(
                "many connections: %d at once (%d wanted), opened and answered in %.1f s, %d bytes of heap each%n",
                count, WANTED, took, open / count);
        assertThat(kept).as("bytes of heap kept").isLessThan(HEAP_SLACK);
        assertThat(leaks.found()).isEmpty();
    }

    private static int allowed() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            return (int) Math.min(WANTED, unix.getMaxFileDescriptorCount() - RESERVED);
        }
        return WANTED / 10;
    }

    private static ApiClient client(int port, int connections) {
        return ApiClient.builder(VendorSpec.generic("api", URI.create("http://127.0.0.1:" + port)))
                .withoutGate()
                .circuit(CircuitPolicy.off())
                .retry(RetryPolicy.standard().withMaxAttempts(1))
                .deadline(PATIENCE)
                .attemptTimeout(PATIENCE)
                .connections(ConnectionOptions.standard()
                        .withPool(connections, connections, PATIENCE)
                        .withConnectTimeout(PATIENCE)
                        .withMaxIdle(PATIENCE))
                .build();
    }

    private static void answers(ApiClient client, String prefix, int calls, int atOnce) {
        Mono<Long> right = Flux.range(0, calls)
                .flatMap(
                        i -> client.value(ApiRequest.get(prefix + i))
                                .filter(answer -> answer.path("for").asString().equals("/" + prefix + i)),
                        atOnce)
                .count();
        assertThat(right.block(PATIENCE)).isEqualTo(calls);
    }

    private static void awaitUse(ApiClient client, int idle, int active) {
        Eventually.asserted(() -> {
            ConnectionStats stats = client.inspect().connections().get(0);
            assertThat(stats.active()).isEqualTo(active);
            assertThat(stats.idle()).isEqualTo(idle);
            assertThat(stats.pending()).isZero();
        });
    }

    /**
     * A server on one thread. It answers a request whose path begins with {@code held} when as many of them are there as
     * its second argument says, and any other at once, {@code waiting} with the number of those held. It ends with its
     * last connection.
     */
    static final class HoldingServer {

        private final Selector selector;
        private final int together;
        private final List<Peer> held = new ArrayList<>();
        private int open;
        private boolean used;

        /** One connection, and what has arrived of a request. */
        private static final class Peer {
            private final SocketChannel channel;
            private final StringBuilder request = new StringBuilder();

            Peer(SocketChannel channel) {
                this.channel = channel;
            }
        }

        private HoldingServer(Selector selector, int together) {
            this.selector = selector;
            this.together = together;
        }

        /** Serves; the first argument is the file for the number of the port. */
        public static void main(String[] arguments) throws IOException {
            try (ServerSocketChannel server = ServerSocketChannel.open();
                    Selector selector = Selector.open()) {
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), WANTED);
                server.configureBlocking(false);
                server.register(selector, SelectionKey.OP_ACCEPT);
                Path address = Path.of(arguments[0]);
                Path draft = address.resolveSibling("draft");
                Files.writeString(draft, Integer.toString(server.socket().getLocalPort()));
                Files.move(draft, address, StandardCopyOption.ATOMIC_MOVE);
                new HoldingServer(selector, Integer.parseInt(arguments[1])).serve(server);
            }
        }

        private void serve(ServerSocketChannel server) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(8192);
            long until = System.nanoTime() + PATIENCE.multipliedBy(2).toNanos();
            while ((!used || open > 0) && System.nanoTime() - until < 0) {
                selector.select(TimeUnit.SECONDS.toMillis(1));
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isAcceptable()) {
                        accept(server);
                    } else {
                        read(key, (Peer) key.attachment(), buffer);
                    }
                }
                selector.selectedKeys().clear();
            }
        }

        private void accept(ServerSocketChannel server) throws IOException {
            for (SocketChannel made = server.accept(); made != null; made = server.accept()) {
                made.configureBlocking(false);
                made.setOption(StandardSocketOptions.TCP_NODELAY, true);
                made.register(selector, SelectionKey.OP_READ, new Peer(made));
                open++;
            }
        }

        private void read(SelectionKey key, Peer peer, ByteBuffer buffer) throws IOException {
            buffer.clear();
            int count;
            try {
                count = peer.channel.read(buffer);
            } catch (IOException reset) {
                count = -1;
            }
            if (count < 0) {
                key.cancel();
                peer.channel.close();
                held.remove(peer);
                open--;
                return;
            }
            peer.request.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
            if (peer.request.indexOf("\r\n\r\n") < 0) {
                return;
            }
            String path = target(peer);
            used = true;
            if (!path.startsWith("/" + HELD)) {
                answer(peer, path.equals("/waiting") ? Integer.toString(held.size()) : path);
                return;
            }
            held.add(peer);
            if (held.size() == together) {
                for (Peer next : held) {
                    answer(next, target(next));
                }
                held.clear();
            }
        }

        private static String target(Peer peer) {
            int from = peer.request.indexOf(" ") + 1;
            return peer.request.substring(from, peer.request.indexOf(" ", from));
        }

        private static void answer(Peer peer, String value) throws IOException {
            String body = "{\"for\":\"" + value + "\"}";
            peer.request.setLength(0);
            String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            ByteBuffer bytes = StandardCharsets.US_ASCII.encode(answer);
            while (bytes.hasRemaining()) {
                peer.channel.write(bytes);
            }
        }
    }
}
