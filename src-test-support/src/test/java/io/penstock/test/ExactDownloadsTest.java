package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.download.Download;
import io.penstock.download.DownloadOptions;
import io.penstock.download.DownloadTarget;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.streams.StreamServer;
import io.penstock.test.simulator.streams.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Downloads end with the right file or with an error, whatever the server, a cache or an earlier try has done. */
@ExtendWith(NoBufferLeaks.class)
class ExactDownloadsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final DownloadOptions STANDARD = DownloadOptions.standard();
    private static final byte[] FILE = random(600_000, 1);
    private static final byte[] OTHER = random(600_000, 2);
    private static final String STRONG = "etag: \"v1\"\r\n";

    @TempDir
    Path dir;

    private final StreamServer server = StreamServer.start();
    private final ApiClient client = ApiClient.builder(VendorSpec.generic("api", server.origin()))
            .retry(RetryPolicy.standard()
                    .withMaxAttempts(2)
                    .withBackoff(new Backoff(Duration.ofMillis(2), 1, Duration.ofMillis(2), 0)))
            .build();

    @AfterEach
    void everyConnectionCameBack() {
        Connections.awaitReturn(client);
        client.closeLater().block(PATIENCE);
        server.close();
    }

    private static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Text that is compressed to about a third, and more than one read of a socket. */
    private static byte[] text() {
        StringBuilder text = new StringBuilder();
        Random random = new Random(3);
        while (text.length() < 400_000) {
            text.append("line ").append(random.nextInt(1_000_000)).append(" of a report\n");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Answers a request, the first one with number 1. */
    private interface Answer {
        void write(int number, long from, Wire wire) throws IOException;
    }

    private AtomicInteger serve(String path, Answer answer) {
        AtomicInteger requests = new AtomicInteger();
        server.put(path, (request, wire) -> {
            String range = request.headers().get("range");
            answer.write(
                    requests.incrementAndGet(),
                    range == null ? 0 : Long.parseLong(range.replaceAll("bytes=(\\d+)-", "$1")),
                    wire);
        });
        return requests;
    }

    private static void whole(Wire wire, String headers, byte[] bytes, int breaksAfter) throws IOException {
        wire.send(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: " + bytes.length + "\r\n" + headers + "\r\n");
        send(wire, bytes, 0, bytes.length, breaksAfter);
    }

    private static void range(Wire wire, String headers, byte[] bytes, int from, int to, int breaksAfter)
            throws IOException {
        wire.send("HTTP/1.1 206 Partial Content\r\nconnection: close\r\ncontent-length: " + (to - from)
                + "\r\ncontent-range: bytes " + from + "-" + (to - 1) + "/" + bytes.length + "\r\n" + headers + "\r\n");
        send(wire, bytes, from, to, breaksAfter);
    }

    private static void send(Wire wire, byte[] bytes, int from, int to, int breaksAfter) throws IOException {
        if (breaksAfter < to - from) {
            wire.send(bytes, from, breaksAfter);
            wire.end(); // the bytes sent so far arrive, and then the body is too short
            return;
        }
        wire.send(bytes, from, to - from);
    }

    private Mono<Download> download(String name) {
        return client.download(ApiRequest.get("file"), DownloadTarget.file(dir.resolve(name)), STANDARD);
    }

    private static ApiException failure(Mono<?> call) {
        ApiException failure = catchThrowableOfType(ApiException.class, () -> call.block(PATIENCE));
        assertThat(failure).as("the download should have failed").isNotNull();
        return failure;
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    private List<String> sent(String header) {
        return server.requests().stream()
                .map(request -> request.headers().getOrDefault(header, "none"))
                .toList();
    }

    // ---- compressed files

    @Test
    void resumesCompressedFileByItsStoredBytes() throws IOException {
        byte[] text = text();
        byte[] stored = Codings.gzip(text);
        String headers = STRONG + "content-encoding: gzip\r\ncontent-type: text/plain\r\n";
        int quarter = stored.length / 4;
        AtomicInteger requests = serve("/file", (number, from, wire) -> {
            if (from == 0) {
                whole(wire, headers, stored, quarter);
            } else {
                range(wire, headers, stored, (int) from, stored.length, quarter);
            }
        });

        Download broken = download("f").block(PATIENCE);

        assertThat(broken.path()).hasBinaryContent(text);
        assertThat(broken.bytes()).isEqualTo(text.length);
        assertThat(sent("range").subList(0, 4))
                .containsExactly(
                        "none", "bytes=" + quarter + "-", "bytes=" + 2 * quarter + "-", "bytes=" + 3 * quarter + "-");
        assertThat(sent("accept-encoding")).containsOnly("identity").hasSize(requests.get());
        assertThat(left()).containsExactly("f");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void decodesCompressedFileIntoEveryTargetDespiteBreaks(String coding) throws IOException {
        byte[] text = text();
        byte[] stored = coding.equals("gzip") ? Codings.gzip(text) : Codings.coded("deflate", text);
        for (String validator : List.of(STRONG, "", "etag: W/\"v1\"\r\n")) {
            for (int breaks = 0; breaks < 3; breaks++) {
                int last = breaks;
                String headers = validator + "content-encoding: " + coding + "\r\n";
                Answer answer = (number, from, wire) -> {
                    int after = number <= last ? 20_000 * number : Integer.MAX_VALUE;
                    if (from == 0) {
                        whole(wire, headers, stored, after);
                    } else {
                        range(wire, headers, stored, (int) from, stored.length, after);
                    }
                };
                serve("/file", answer);
                assertThat(download(coding + validator.length() + breaks)
                                .block(PATIENCE)
                                .path())
                        .hasBinaryContent(text);
                if (validator.equals(STRONG)) { // others would have to be rewound
                    serve("/file", answer);
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    DownloadTarget channel = DownloadTarget.channel(Channels.newChannel(bytes));
                    assertThat(client.download(ApiRequest.get("file"), channel, STANDARD)
                                    .block(PATIENCE)
                                    .bytes())
                            .isEqualTo(text.length);
                    assertThat(bytes.toByteArray()).isEqualTo(text);
                }
            }
        }
    }

    @Test
    void startsCompressedFileOverInAnotherProcess() throws IOException {
        byte[] text = text();
        byte[] stored = Codings.gzip(text);
        String headers = STRONG + "content-encoding: gzip\r\n";
        serve("/file", (number, from, wire) -> whole(wire, headers, stored, number == 1 ? 30_000 : Integer.MAX_VALUE));
        assertThat(failure(client.download(
                        ApiRequest.get("file"), DownloadTarget.file(dir.resolve("f")), STANDARD.withMaxResumes(0))))
                .hasMessageContaining("connection closed inside the body");

        assertThat(download("f").block(PATIENCE).path()).hasBinaryContent(text);
        assertThat(sent("range")).containsOnly("none");
        assertThat(left()).containsExactly("f");
    }

    @Test
    void rejectsTruncatedCompressedFileInIntactFraming() throws IOException {
        for (byte[] stored : List.of(Codings.gzip(text()), Codings.coded("deflate", text()))) {
            String coding = (stored[0] & 0xff) == 0x1f ? "gzip" : "deflate";
            byte[] half = Arrays.copyOf(stored, stored.length / 2);
            serve(
                    "/file",
                    (number, from, wire) ->
                            whole(wire, STRONG + "content-encoding: " + coding + "\r\n", half, half.length));
            ApiException failure = failure(download("f"));
            assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
            assertThat(failure).hasMessageContaining("ends too early").hasMessageContaining(coding);
            serve("/file", (number, from, wire) -> whole(wire, STRONG, FILE, FILE.length));
            assertThat(download(coding).block(PATIENCE).path()).hasBinaryContent(FILE);
            assertThat(download("f").block(PATIENCE).path()).hasBinaryContent(FILE);
            Files.delete(dir.resolve("f"));
        }
    }

    @Test
    void resumesCompressedFileDelimitedByConnection() throws IOException {
        byte[] text = text();
        byte[] stored = Codings.gzip(text);
        String headers = STRONG + "content-encoding: gzip\r\n";
        serve("/file", (number, from, wire) -> {
            if (from == 0) {
                wire.send("HTTP/1.1 200 OK\r\nconnection: close\r\n" + headers + "\r\n");
                wire.send(stored, 0, 50_000);
            } else {
                range(wire, headers, stored, (int) from, stored.length, Integer.MAX_VALUE);
            }
        });
        assertThat(download("f").block(PATIENCE).path()).hasBinaryContent(text);
        assertThat(sent("range")).containsExactly("none", "bytes=50000-");
    }

    /** The validator claims that the pieces belong together, and the checksum shows that they do not. */
    @Test
    void startsOverWhenCompressedPiecesDoNotMatch() throws IOException {
        byte[] text = text();
        byte[] stored = Codings.gzip(text);
        byte[] wrong = stored.clone();
        for (int i = stored.length / 2; i < stored.length / 2 + 50; i++) {
            wrong[i] ^= 0x55;
        }
        String headers = STRONG + "content-encoding: gzip\r\n";
        serve("/file", (number, from, wire) -> {
            if (from > 0) {
                range(wire, headers, wrong, (int) from, stored.length, Integer.MAX_VALUE);
            } else {
                whole(wire, headers, stored, number < 4 ? 10_000 : Integer.MAX_VALUE);
            }
        });
        assertThat(download("f").block(PATIENCE).path()).hasBinaryContent(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip", "compress"})
    void namesUnsupportedCodingOfFile(String coding) throws IOException {
        serve(
                "/file",
                (number, from, wire) ->
                        whole(wire, STRONG + "content-encoding: " + coding + "\r\n", FILE, FILE.length));
        ApiException failure = failure(download("f"));
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(failure).hasMessageContaining("content coding " + coding);
        assertThat(left()).isEmpty();
    }

    @Test
    void appliesLimitToDecodedBytes() throws IOException {
        byte[] stored = Codings.gzip(new byte[50_000_000]);
        serve(
                "/file",
                (number, from, wire) -> whole(wire, STRONG + "content-encoding: gzip\r\n", stored, stored.length));
        ApiException failure = failure(client.download(
                ApiRequest.get("file"), DownloadTarget.file(dir.resolve("f")), STANDARD.withMaxBytes(1_000_000)));
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.RESPONSE_TOO_LARGE);
        assertThat(left()).doesNotContain("f");
    }

    // ---- validators

    /** Each first answer breaks off after 300 000 bytes; by then the server has another version, of the same size. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "etag: W/\"v1\"",
                "etag: v1",
                "last-modified: Mon, 30 Nov 2026 10:00:00 GMT",
                "last-modified: Mon, 30 Nov 2026 10:00:00 GMT|date: Mon, 30 Nov 2026 10:00:00 GMT",
                "last-modified: Mon, 30 Nov 2026 10:00:00 GMT|date: Mon, 30 Nov 2026 10:00:59 GMT",
                "etag: W/\"v1\"|last-modified: Mon, 30 Nov 2026 10:00:00 GMT|date: Mon, 30 Nov 2026 12:00:00 GMT",
                "last-modified: yesterday|date: Mon, 30 Nov 2026 12:00:00 GMT",
                "x: y"
            })
    void neverJoinsPiecesUnderWeakValidator(String validator) throws IOException {
        String headers = validator.replace("|", "\r\n") + "\r\n";
        serve("/file", (number, from, wire) -> {
            byte[] version = number == 1 ? FILE : OTHER;
            if (from == 0) {
                whole(wire, headers, version, number == 1 ? 300_000 : Integer.MAX_VALUE);
            } else {
                range(wire, headers, version, (int) from, version.length, Integer.MAX_VALUE);
            }
        });
        assertThat(download("f").block(PATIENCE).path()).hasBinaryContent(OTHER);
        assertThat(sent("if-range")).containsOnly("none");
        assertThat(sent("range")).containsExactly("none", "none");
    }

    /** RFC 9110 §8.8.2.2: the date is strong because it is long before that of the answer. */
    @Test
    void resumesByDateThatIsStrongValidator() throws IOException {
        String modified = "Mon, 30 Nov 2026 10:00:00 GMT";
        String headers = "last-modified: " + modified + "\r\ndate: Mon, 30 Nov 2026 10:01:00 GMT\r\n";
        serve("/file", (number, from, wire) -> {
            if (from == 0) {
                whole(wire, headers, FILE, 300_000);
            } else {
                range(wire, headers, FILE, (int) from, FILE.length, number < 4 ? 100_000 : Integer.MAX_VALUE);
            }
        });
        assertThat(download("f").block(PATIENCE).path()).hasBinaryContent(FILE);
        assertThat(sent("if-range")).containsExactly("none", modified, modified, modified);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x: y",
                "etag: \"v2\"",
                "etag: W/\"v1\"",
                "etag: \"v1\"|content-encoding: gzip",
                "etag: \"v1\"|content-encoding: br"
            })
    void startsOverWhenRangeShowsAnotherValidator(String second) throws IOException {
        serve("/file", (number, from, wire) -> {
            if (from > 0) {
                range(wire, second.replace("|", "\r\n") + "\r\n", OTHER, (int) from, OTHER.length, Integer.MAX_VALUE);
            } else {
                whole(wire, STRONG, number == 1 ? FILE : OTHER, number == 1 ? 300_000 : Integer.MAX_VALUE);
            }
        });
        assertThat(download("f").block(PATIENCE).path()).hasBinaryContent(OTHER);
        assertThat(sent("range")).containsExactly("none", "bytes=300000-", "none");
    }

    // ---- ranges

    /** The server answers like a cache of whole blocks. */
    @Test
    void skipsOverlapOfRange() throws IOException {
        serve("/file", (number, from, wire) -> {
            if (from == 0) {
                whole(wire, STRONG, FILE, 300_000);
            } else {
                range(wire, STRONG, FILE, (int) from & -262_144, FILE.length, number < 4 ? 100_000 : Integer.MAX_VALUE);
            }
        });
        Download download = download("f").block(PATIENCE);
        assertThat(download.path()).hasBinaryContent(FILE);
        assertThat(sent("range")).containsExactly("none", "bytes=300000-", "bytes=362144-", "bytes=362144-");
        assertThat(left()).containsExactly("f");
    }

    /** An answer may break off before it has brought anything new. */
    @Test
    void startsOverAfterRangeThatDoesNotFit() throws IOException {
        IntFunction<int[]> misfit = kind -> switch (kind) {
            case 0 -> new int[] {300_001, 600_000}; // a gap
            case 1 -> new int[] {0, 300_000}; // ends where it should begin
            default -> new int[] {599_999, 600_000};
        };
        for (int kind = 0; kind < 3; kind++) {
            int[] given = misfit.apply(kind);
            serve("/file", (number, from, wire) -> {
                if (from > 0) {
                    range(wire, STRONG, FILE, given[0], given[1], Integer.MAX_VALUE);
                } else {
                    whole(wire, STRONG, FILE, number == 1 ? 300_000 : Integer.MAX_VALUE);
                }
            });
            assertThat(download("f" + kind).block(PATIENCE).path()).hasBinaryContent(FILE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content-length: 300000",
                "content-length: 300000|content-range: bytes 300000-599999/700000",
                "content-length: 300000|content-range: bytes 300000-399999/600000",
                "transfer-encoding: chunked|content-range: bytes 300000-399999/600000",
                "content-length: 300000|content-range: bytes 300000-599999",
                "content-length: 300000|content-range: items 300000-599999/600000",
                "content-length: 300000|content-type: multipart/byteranges; boundary=x"
            })
    void startsOverAfterRangeThatContradictsItself(String second) throws IOException {
        serve("/file", (number, from, wire) -> {
            if (from == 0) {
                whole(wire, STRONG, FILE, number == 1 ? 300_000 : Integer.MAX_VALUE);
                return;
            }
            boolean chunked = second.contains("chunked");
            wire.send("HTTP/1.1 206 Partial Content\r\nconnection: close\r\n" + STRONG + second.replace("|", "\r\n")
                    + "\r\n\r\n" + (chunked ? "493e0\r\n" : ""));
            wire.send(OTHER, 300_000, 300_000);
            wire.send(chunked ? "\r\n0\r\n\r\n" : "");
        });
        assertThat(download("f").block(PATIENCE).path()).hasBinaryContent(FILE);
    }

    @Test
    void continuesAfterRangeThatEndsEarly() throws IOException {
        for (boolean sized : new boolean[] {true, false}) {
            AtomicInteger requests = serve("/file", (number, from, wire) -> {
                if (number == 1) {
                    wire.send("HTTP/1.1 200 OK\r\nconnection: close\r\n" + STRONG
                            + "transfer-encoding: chunked\r\n\r\n30d40\r\n");
                    wire.send(FILE, 0, 200_000);
                    return;
                }
                int end = (int) Math.min(FILE.length, from + 150_000);
                wire.send("HTTP/1.1 206 Partial Content\r\nconnection: close\r\n" + STRONG + "content-length: "
                        + (end - from) + "\r\ncontent-range: bytes " + from + "-" + (end - 1) + "/"
                        + (sized || end == FILE.length ? "600000" : "*") + "\r\n\r\n");
                wire.send(FILE, (int) from, end - (int) from);
            });
            assertThat(download("f" + sized).block(PATIENCE).path()).hasBinaryContent(FILE);
            assertThat(requests).hasValue(4);
        }
    }

    // ---- one place, one file

    @Test
    void keepsBothFilesWhenTwoDownloadsShareName() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        String name = "etag: \"v1\"\r\ncontent-disposition: attachment; filename=report\r\n";
        for (String path : List.of("/a", "/b")) {
            byte[] bytes = path.equals("/a") ? FILE : OTHER;
            serve(path, (number, from, wire) -> {
                wire.send("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: " + bytes.length + "\r\n" + name
                        + "\r\n");
                wire.send(bytes, 0, 500_000);
                both.countDown();
                await(both);
                wire.send(bytes, 500_000, 100_000);
            });
        }
        List<Object> outcomes = Collections.synchronizedList(new ArrayList<>());
        Mono.when(Stream.of("a", "b")
                        .map(path -> client.download(ApiRequest.get(path), DownloadTarget.into(dir), STANDARD)
                                .doOnNext(outcomes::add)
                                .onErrorResume(e -> {
                                    outcomes.add(e);
                                    return Mono.empty();
                                }))
                        .toList())
                .block(PATIENCE);

        assertThat(outcomes).hasSize(2).hasAtLeastOneElementOfType(Download.class);
        assertThat(outcomes)
                .filteredOn(ApiException.class::isInstance)
                .singleElement()
                .satisfies(e -> {
                    assertThatObject(((ApiException) e).kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
                    assertThat((ApiException) e).hasMessageContaining("report exists");
                });
        List<String> left = left();
        assertThat(left).hasSize(3).contains("report");
        byte[] won = Files.readAllBytes(dir.resolve("report"));
        assertThat(won).isIn(FILE, OTHER);
        assertThat(dir.resolve(left.get(0))).hasBinaryContent(Arrays.equals(won, FILE) ? OTHER : FILE);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void rejectsSecondDownloadToSamePlace() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch under = new CountDownLatch(1);
        serve("/file", (number, from, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 600000\r\n" + STRONG + "\r\n");
            wire.send(FILE, 0, 300_000);
            under.countDown();
            await(go);
            wire.send(FILE, 300_000, 300_000);
        });
        Mono<Download> first = download("f").cache();
        first.subscribe();
        await(under);
        for (int i = 0; i < 3; i++) {
            assertThat(failure(download("f"))).hasMessageContaining("being written by another download");
        }
        go.countDown();
        assertThat(first.block(PATIENCE).path()).hasBinaryContent(FILE);
        assertThat(left()).containsExactly("f");
    }

    @Test
    void doesNotFollowSymbolicLinks() throws IOException {
        serve("/file", (number, from, wire) -> whole(wire, STRONG, FILE, FILE.length));
        Path mine = Files.writeString(dir.resolve("mine"), "mine");
        Files.createSymbolicLink(dir.resolve("f.part"), mine);
        Files.createSymbolicLink(dir.resolve("f.part.version"), mine);
        assertThat(download("f").block(PATIENCE).path()).hasBinaryContent(FILE);

        Files.createSymbolicLink(dir.resolve("g"), dir.resolve("nowhere"));
        assertThat(failure(download("g"))).hasMessageContaining("g exists");
        Files.delete(dir.resolve("g"));

        Files.createSymbolicLink(dir.resolve("g"), mine);
        client.download(ApiRequest.get("file"), DownloadTarget.file(dir.resolve("g")), STANDARD.replacingExisting())
                .block(PATIENCE);
        assertThat(Files.isSymbolicLink(dir.resolve("g"))).isFalse();
        assertThat(dir.resolve("g")).hasBinaryContent(FILE);

        assertThat(mine).hasContent("mine");
        assertThat(left()).containsExactly("f", "g", "mine");
    }

    /** A process that ends between its last two steps leaves a part that is the same file as its target. */
    @Test
    void doesNotWriteToPartLinkedToFinishedFile() throws IOException {
        serve("/file", (number, from, wire) -> whole(wire, STRONG, FILE, FILE.length));
        Files.write(dir.resolve("kept"), OTHER);
        Files.createLink(dir.resolve("f.part"), dir.resolve("kept"));
        assertThat(download("f").block(PATIENCE).path()).hasBinaryContent(FILE);
        assertThat(dir.resolve("kept")).hasBinaryContent(OTHER);
    }

    // ---- leftovers of an earlier try

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "\u00ff\u00fe\u0000",
                "etag \"v1\"\nlast-modified \nlength 700000\nname \ndate \n",
                "etag \"v1\"\nlast-modified \nlength 10\nname \ndate \n",
                "etag \"v1\"\nlast-modified \nlength -1\nname \ndate \n",
                "etag \"v1\"\nlast-modified \nlength -7\nname \ndate \n",
                "etag \"v1\"\nlast-modified \nlength 600000\nname a\ndate \n",
                "etag \"v0\"\nlast-modified \nlength 600000\nname \ndate \n",
                "etag W/\"v1\"\nlast-modified \nlength 600000\nname \ndate \n",
                "etag \nlast-modified Mon, 30 Nov 2026 10:00:00 GMT\nlength 600000\nname \ndate Mon, 30 Nov 2026 10:00:30 GMT\n",
                "etag \"v1\"\nlast-modified \nlength 60000",
                "etag \"v1\"\nlast-modified \nlength 600000\nname \n",
                "etag \"v1\"\nlast"
            })
    void succeedsWhateverEarlierTryLeftBehind(String version) throws IOException {
        for (boolean ranges : new boolean[] {true, false}) {
            for (int size : new int[] {0, 1, 200_000, 600_000, 900_000}) {
                serve("/file", (number, from, wire) -> {
                    if (from == 0 || !ranges || version.contains("v0")) {
                        whole(wire, STRONG, FILE, FILE.length);
                    } else if (from >= FILE.length) {
                        wire.send(
                                "HTTP/1.1 416 Range Not Satisfiable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
                    } else {
                        range(wire, STRONG, FILE, (int) from, FILE.length, Integer.MAX_VALUE);
                    }
                });
                Files.write(dir.resolve("f.part"), Arrays.copyOf(FILE, size));
                Files.write(dir.resolve("f.part.version"), version.getBytes(StandardCharsets.ISO_8859_1));
                Download download = client.download(
                                ApiRequest.get("file"),
                                DownloadTarget.file(dir.resolve("f")),
                                STANDARD.withMaxResumes(0))
                        .block(PATIENCE);
                assertThat(download.path())
                        .as("%d bytes, ranges %s", size, ranges)
                        .hasBinaryContent(FILE);
                assertThat(left()).containsExactly("f");
                Files.delete(dir.resolve("f"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 412, 416, 501})
    void requestsWholeFileWhenRangeIsRefused(int status) throws IOException {
        serve("/file", (number, from, wire) -> {
            if (from > 0) {
                wire.send("HTTP/1.1 " + status + " No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
            } else {
                whole(wire, STRONG, FILE, FILE.length);
            }
        });
        Files.write(dir.resolve("f.part"), Arrays.copyOf(FILE, 1000));
        Files.writeString(dir.resolve("f.part.version"), "etag \"v1\"\nlast-modified \nlength 600000\nname \ndate \n");
        assertThat(client.download(
                                ApiRequest.get("file"),
                                DownloadTarget.file(dir.resolve("f")),
                                STANDARD.withMaxResumes(0))
                        .block(PATIENCE)
                        .path())
                .hasBinaryContent(FILE);
        assertThat(sent("range")).containsExactly("bytes=1000-", "none");
    }

    @Test
    void leavesNothingAfterFailedFirstAnswer() throws IOException {
        assertThat(failure(download("f")).status()).isEqualTo(404);
        assertThat(left()).isEmpty();
        Files.writeString(dir.resolve("f.part"), "left");
        assertThat(failure(download("f")).status()).isEqualTo(404);
        assertThat(left()).isEmpty();
        serve("/file", (number, from, wire) -> wire.reset());
        assertThatObject(failure(download("f")).kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        assertThat(left()).isEmpty();
    }

    /** The server never says the size, and the stored one is wrong. */
    @Test
    void startsOverWhenResumedFileGetsLongerThanItsStoredSize() throws IOException {
        serve("/file", (number, from, wire) -> {
            if (from > 0) {
                wire.send("HTTP/1.1 206 Partial Content\r\nconnection: close\r\n" + STRONG + "content-range: bytes "
                        + from + "-" + (FILE.length - 1) + "/*\r\ncontent-length: " + (FILE.length - from)
                        + "\r\n\r\n");
                wire.send(FILE, (int) from, FILE.length - (int) from);
            } else {
                whole(wire, STRONG, FILE, FILE.length);
            }
        });
        Files.write(dir.resolve("f.part"), Arrays.copyOf(FILE, 1000));
        Files.writeString(dir.resolve("f.part.version"), "etag \"v1\"\nlast-modified \nlength 60000\nname \ndate \n");
        assertThat(download("f").block(PATIENCE).path()).hasBinaryContent(FILE);
        assertThat(sent("range")).containsExactly("bytes=1000-", "none");
    }

    /** A part that could be resumed stays for the time when the server answers again. */
    @Test
    void keepsResumablePartAfterError() throws IOException {
        Files.write(dir.resolve("f.part"), Arrays.copyOf(FILE, 1000));
        Files.writeString(dir.resolve("f.part.version"), "etag \"v1\"\nlast-modified \nlength 600000\nname \ndate \n");
        assertThat(failure(download("f")).status()).isEqualTo(404);
        assertThat(left()).containsExactly("f.part", "f.part.version");
    }
}
