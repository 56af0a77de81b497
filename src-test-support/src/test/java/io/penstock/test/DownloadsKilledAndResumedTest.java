package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ApiClient;
import io.penstock.download.Download;
import io.penstock.download.DownloadOptions;
import io.penstock.download.DownloadTarget;
import io.penstock.error.ApiException;
import io.penstock.error.Retryability;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.streams.StreamServer;
import io.penstock.test.simulator.streams.Wire;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Downloads that are broken at random points: by the wire, by a cancel, by a client that is closed, and by a process that
 * leaves its part in any state. Meanwhile the file may change on the server. The download always ends with one complete
 * version of the file and no other file beside it. Run again with {@code -Dpenstock.seed=<seed>}.
 */
@ExtendWith(NoBufferLeaks.class)
class DownloadsKilledAndResumedTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SIZE = 300_000;
    private static final int ROUNDS = 5;
    private static final int MOST_TRIES = 200;

    @TempDir
    Path dir;

    private final StreamServer server = StreamServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    /** How the server answers, and how its versions can be told apart. */
    private enum Kind {
        STRONG_TAG,
        WEAK_TAG,
        STRONG_DATE,
        DATE_OF_THE_SAME_SECOND,
        NO_VALIDATOR,
        NO_RANGES,
        GZIP,
        DEFLATE,
        GZIP_WITHOUT_VALIDATOR,
        WHOLE_BLOCKS,
        GAPS,
        SHORT_RANGES,
        SHORT_RANGES_OF_UNKNOWN_SIZE,
        RANGES_WITHOUT_VALIDATOR,
        RANGES_REFUSED;

        boolean isCompressed() {
            return this == GZIP || this == DEFLATE || this == GZIP_WITHOUT_VALIDATOR;
        }

        /** Whether {@code If-Range} is compared; otherwise a range is taken from the current version. */
        boolean compares() {
            return this != WEAK_TAG && this != DATE_OF_THE_SAME_SECOND && this != NO_VALIDATOR;
        }
    }

    private enum Break {
        WIRE,
        CANCELLED,
        CLIENT_CLOSED,
        VERSION_TORN,
        VERSION_LOST,
        TAIL_LOST,
        LINK_IN_PLACE_OF_PART,
        LINK_IN_PLACE_OF_VERSION,
        PART_OF_SOMETHING_ELSE
    }

    /** The file on the server: its versions, of which the last one is served. */
    private static final class Remote implements StreamServer.Answer {

        private final Kind kind;
        private final SplittableRandom random;
        private final List<byte[]> versions = new ArrayList<>();
        private final List<byte[]> stored = new ArrayList<>();
        private boolean calm;
        private int breaks;

        Remote(Kind kind, SplittableRandom random) {
            this.kind = kind;
            this.random = random;
            change();
        }

        /** Adds another version, of the same size unless it is compressed. */
        synchronized void change() {
            byte[] bytes = new byte[SIZE];
            new Random(random.nextLong()).nextBytes(bytes);
            for (int i = 0; i < SIZE; i += 2) {
                bytes[i] = 'x'; // so that there is something to compress
            }
            versions.add(bytes);
            stored.add(kind.isCompressed() ? Codings.coded(kind == Kind.DEFLATE ? "zlib" : "gzip", bytes) : bytes);
        }

        synchronized List<byte[]> versions() {
            return List.copyOf(versions);
        }

        synchronized void calmDown() {
            calm = true;
        }

        /** Returns a number of bytes that every version has on the wire: half of each is random, and stays when compressed. */
        int leastBytes() {
            return kind.isCompressed() ? SIZE / 2 : SIZE;
        }

        synchronized int breaks() {
            return breaks;
        }

        private String headers() {
            int number = versions.size();
            String day = (number % 9 + 1) + " Nov 2026 10:";
            return switch (kind) {
                case WEAK_TAG -> "etag: W/\"v\"\r\n";
                case STRONG_DATE -> "last-modified: 0" + day + "00:00 GMT\r\ndate: 0" + day + "30:00 GMT\r\n";
                case DATE_OF_THE_SAME_SECOND ->
                    "last-modified: 01 Nov 2026 10:00:00 GMT\r\ndate: 01 Nov 2026 10:00:00 GMT\r\n";
                case NO_VALIDATOR -> "";
                case GZIP -> "etag: \"" + number + "\"\r\ncontent-encoding: gzip\r\n";
                case DEFLATE -> "etag: \"" + number + "\"\r\ncontent-encoding: deflate\r\n";
                case GZIP_WITHOUT_VALIDATOR -> "content-encoding: gzip\r\n";
                default -> "etag: \"" + number + "\"\r\n";
            };
        }

        @Override
        public void write(StreamServer.Request request, Wire wire) throws IOException {
            byte[] head;
            byte[] body;
            boolean cut;
            synchronized (this) {
                if (!calm && random.nextInt(12) == 0) {
                    change();
                }
                byte[] bytes = stored.get(stored.size() - 1);
                String headers = headers();
                String range = request.headers().get("range");
                String condition = request.headers().get("if-range");
                boolean partial = range != null
                        && kind != Kind.NO_RANGES
                        && (!kind.compares() || condition == null || headers.contains(": " + condition + "\r\n"));
                int from = partial ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
                int to = bytes.length;
                if (partial && (from >= to || (kind == Kind.RANGES_REFUSED && random.nextInt(3) == 0))) {
                    wire.send("HTTP/1.1 416 No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
                    return;
                }
                String size = "" + bytes.length;
                if (partial) {
                    switch (kind) {
                        case WHOLE_BLOCKS -> from = from & -65_536;
                        case GAPS -> from = Math.min(from + random.nextInt(2), to - 1);
                        case SHORT_RANGES -> to = Math.min(to, from + 40_000);
                        case SHORT_RANGES_OF_UNKNOWN_SIZE -> {
                            to = Math.min(to, from + 40_000);
                            size = to < bytes.length ? "*" : size;
                        }
                        case RANGES_WITHOUT_VALIDATOR -> headers = "";
                        default -> {}
                    }
                }
                cut = !calm && random.nextInt(3) > 0;
                int end = cut ? from + random.nextInt(to - from) : to;
                breaks += cut ? 1 : 0;
                head = ((partial
                                        ? "HTTP/1.1 206 Partial Content\r\ncontent-range: bytes " + from + "-"
                                                + (to - 1) + "/" + size + "\r\n"
                                        : "HTTP/1.1 200 OK\r\n")
                                + "connection: close\r\ncontent-length: " + (to - from) + "\r\n" + headers + "\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
                body = Arrays.copyOfRange(bytes, from, end);
            }
            wire.send(head, 0, head.length);
            wire.send(body, 0, body.length);
            if (cut) {
                wire.end();
            }
        }
    }

    private ApiClient newClient() {
        return ApiClient.builder(VendorSpec.generic("api", server.origin()))
                .retry(RetryPolicy.standard()
                        .withMaxAttempts(2)
                        .withBackoff(new Backoff(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0)))
                .build();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void endsWithOneVersionAndNoOtherFile(Kind kind) throws Exception {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed ^ kind.name().hashCode());
        Path victim = Files.writeString(dir.resolve("victim"), "mine");
        Map<Break, Integer> breaks = new EnumMap<>(Break.class);
        for (int round = 0; round < ROUNDS; round++) {
            Remote remote = new Remote(kind, random.split());
            server.put("/file", remote);
            Path place = dir.resolve("f" + round);
            String what = "seed " + seed + ", " + kind + ", round " + round;

            Download download = broken(place, victim, remote, random, breaks, what);

            byte[] got = Files.readAllBytes(place);
            assertThat(remote.versions()).as(what).anyMatch(version -> Arrays.equals(version, got));
            assertThat(download.bytes()).as(what).isEqualTo(SIZE);
            assertThat(victim).as(what).hasContent("mine");
            assertThat(left()).as(what).isEqualTo(expected(round));
            breaks.merge(Break.WIRE, remote.breaks(), Integer::sum);
        }
        assertThat(breaks).as("seed %d, %s", seed, breaks).containsKeys(Break.WIRE, Break.CANCELLED);
    }

    private static List<String> expected(int rounds) {
        List<String> names = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            names.add("f" + round);
        }
        names.add("victim");
        return names;
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    /** Downloads to the end despite every break. */
    private Download broken(
            Path place, Path victim, Remote remote, SplittableRandom random, Map<Break, Integer> breaks, String what)
            throws Exception {
        ApiClient client = newClient();
        try {
            for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
                if (attempt > 8) {
                    remote.calmDown();
                }
                Break next = attempt > 8 ? Break.WIRE : Break.values()[random.nextInt(Break.values().length)];
                if (breaks.isEmpty()) {
                    next = Break.CANCELLED; // at least once for each kind, whatever the seed
                }
                long until = next == Break.WIRE ? Long.MAX_VALUE : random.nextLong(remote.leastBytes());
                Download whole = downloaded(client, place, until, what);
                if (whole != null) {
                    return whole;
                }
                breaks.merge(Break.CANCELLED, 1, Integer::sum);
                letGo(place);
                if (next != Break.WIRE && next != Break.CANCELLED) {
                    breaks.merge(next, 1, Integer::sum);
                    client.close();
                    client = newClient();
                    leave(next, place, victim, random);
                }
            }
        } finally {
            client.close();
        }
        throw new AssertionError(what + ": not whole after " + MOST_TRIES + " tries");
    }

    /** The file, or null where it was broken off: on purpose, or by more breaks in a row than a call has attempts. */
    private static @Nullable Download downloaded(ApiClient client, Path place, long until, String what)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<@Nullable Download> outcome = new CompletableFuture<>();
        Disposable.Swap running = Disposables.swap();
        running.update(client.download(
                        ApiRequest.get("file"),
                        DownloadTarget.file(place),
                        DownloadOptions.standard().withListener(progress -> {
                            if (progress.transferred() >= until) {
                                outcome.complete(null);
                                running.dispose();
                            }
                        }))
                .subscribe(outcome::complete, outcome::completeExceptionally));
        try {
            return outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            ApiException failure = (ApiException) e.getCause();
            boolean passes = failure.retryability() == Retryability.TRANSIENT
                    || failure.getMessage().contains("being written by another download");
            assertThat(passes).as(what + ": " + failure).isTrue();
            return null;
        }
    }

    /** Waits until the download that was cancelled has let go of its part: a dead process holds no lock. */
    private static void letGo(Path place) throws Exception {
        Path part = place.resolveSibling(place.getFileName() + ".part");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (Files.exists(part)) {
            try (var channel = FileChannel.open(part, StandardOpenOption.WRITE);
                    var lock = channel.tryLock()) {
                if (lock != null) {
                    return;
                }
            } catch (OverlappingFileLockException | NoSuchFileException e) {
                assertThat(System.nanoTime()).isLessThan(end);
                TimeUnit.MILLISECONDS.sleep(2);
            }
        }
    }

    private static void leave(Break state, Path place, Path victim, SplittableRandom random) throws IOException {
        Path part = place.resolveSibling(place.getFileName() + ".part");
        Path version = place.resolveSibling(place.getFileName() + ".part.version");
        switch (state) {
            case VERSION_TORN -> {
                if (Files.exists(version)) {
                    byte[] text = Files.readAllBytes(version);
                    put(version, Arrays.copyOf(text, random.nextInt(text.length)));
                }
            }
            case VERSION_LOST -> Files.deleteIfExists(version);
            case TAIL_LOST -> {
                if (Files.exists(part)) {
                    byte[] bytes = Files.readAllBytes(part);
                    put(part, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
                }
            }
            case LINK_IN_PLACE_OF_PART -> link(part, victim);
            case LINK_IN_PLACE_OF_VERSION -> link(version, victim);
            case PART_OF_SOMETHING_ELSE -> {
                Files.deleteIfExists(version);
                put(part, new byte[random.nextInt(2 * SIZE)]);
            }
            default -> {}
        }
    }

    /** In place of a link that an earlier break may have left there: not even this test writes through one. */
    private static void put(Path at, byte[] bytes) throws IOException {
        Files.deleteIfExists(at);
        Files.write(at, bytes);
    }

    private static void link(Path at, Path victim) throws IOException {
        Files.deleteIfExists(at);
        Files.createSymbolicLink(at, victim);
    }
}
