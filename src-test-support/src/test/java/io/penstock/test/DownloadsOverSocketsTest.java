package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.download.Download;
import io.penstock.download.DownloadOptions;
import io.penstock.download.DownloadTarget;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Progress;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.streams.ServedFile;
import io.penstock.test.simulator.streams.StreamServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Files over real sockets; afterwards no connection is in use and no buffer is lost. */
@Tag("slow")
@ExtendWith(NoBufferLeaks.class)
class DownloadsOverSocketsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(100);
    private static final DownloadOptions STANDARD = DownloadOptions.standard();

    @TempDir
    Path dir;

    private final StreamServer server = StreamServer.start();
    private final ApiClient client = ApiClient.builder(
                    VendorSpec.generic("api", server.origin()).withHeader("x-vendor", "blue"))
            .secret(Secret.of("pk_live_0123456789abcdef"))
            .circuit(CircuitPolicy.standard())
            .retry(RetryPolicy.standard()
                    .withMaxAttempts(3)
                    .withBackoff(new Backoff(Duration.ofMillis(2), 1, Duration.ofMillis(2), 0)))
            .build();

    @AfterEach
    void everyConnectionCameBack() {
        Connections.awaitReturn(client);
        client.closeLater().block(PATIENCE);
        server.close();
    }

    private Download download(Path to, DownloadOptions options) {
        return client.download(ApiRequest.get("file"), DownloadTarget.file(to), options)
                .block(PATIENCE);
    }

    private ApiException failure(DownloadTarget target, DownloadOptions options) {
        return failure(client.download(ApiRequest.get("file"), target, options));
    }

    private static ApiException failure(Mono<?> call) {
        ApiException failure = catchThrowableOfType(ApiException.class, () -> call.block(PATIENCE));
        assertThat(failure).as("the download should have failed").isNotNull();
        return failure;
    }

    private static String hash(InputStream in) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] bytes = new byte[1 << 16];
        for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
            digest.update(bytes, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String hash(Path file) throws IOException, NoSuchAlgorithmException {
        try (InputStream in = Files.newInputStream(file)) {
            return hash(in);
        }
    }

    /** Hashes the bytes of the server's file, without a client. */
    private static String hash(ServedFile file, long size) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] block = new byte[1 << 16];
        for (long at = 0; at < size; ) {
            int n = file.bytes(at, block);
            digest.update(block, 0, n);
            at += n;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static byte[] whole(ServedFile file, long size) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] block = new byte[1 << 16];
        for (long at = 0; at < size; ) {
            int n = file.bytes(at, block);
            all.write(block, 0, n);
            at += n;
        }
        return all.toByteArray();
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void downloads200MebibytesOverMoreThan100Breaks() throws IOException, NoSuchAlgorithmException {
        long size = 200L << 20;
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        System.out.println("DownloadsOverSocketsTest seed " + seed);
        Random random = new Random(seed);
        AtomicInteger breaks = new AtomicInteger();
        ServedFile file = new ServedFile(size, 7);
        String expected = hash(file, size);
        server.put("/file", file);
        assertThat(hash(download(dir.resolve("unbroken"), STANDARD).path())).isEqualTo(expected);
        server.put("/file", new ServedFile(size, 7).breaking(wanted -> {
                    if (breaks.get() >= 120) {
                        return Long.MAX_VALUE;
                    }
                    breaks.incrementAndGet();
                    return random.nextLong(2 + wanted / Math.max(1, 121 - breaks.get()) * 2);
                }));
        Download broken = download(dir.resolve("broken"), STANDARD);
        assertThat(breaks).as("breaks").hasValueGreaterThanOrEqualTo(100);
        assertThat(broken.bytes()).isEqualTo(size);
        assertThat(hash(broken.path())).as("seed %d, %s", seed, broken).isEqualTo(expected);
        assertThat(left()).containsExactly("broken", "unbroken");
        System.out.println("200 MiB with " + breaks + " breaks, " + broken.resumes() + " resumes");
    }

    @Test
    void resumesFromPartialFileUnderSameTag() throws IOException {
        AtomicInteger answers = new AtomicInteger();
        ServedFile file = new ServedFile(1_000_000, 1)
                .breaking(wanted -> answers.incrementAndGet() < 3 ? 300_000 : Long.MAX_VALUE);
        server.put("/file", file);
        List<Progress> progress = new ArrayList<>();
        Download download = download(dir.resolve("f"), STANDARD.withListener(progress::add));
        assertThat(download.path()).hasBinaryContent(whole(file, 1_000_000));
        assertThat(download.resumes()).isEqualTo(2);
        assertThat(server.requests().subList(1, 3)).allSatisfy(request -> {
            assertThat(request.headers()).containsEntry("if-range", "\"1\"");
            assertThat(request.headers().get("range")).matches("bytes=[1-9]\\d*-");
            assertThat(request.headers())
                    .containsEntry("accept-encoding", "identity")
                    .containsKey("authorization");
        });
        assertThat(progress).isSortedAccordingTo((a, b) -> Long.compare(a.transferred(), b.transferred()));
        assertThat(progress.get(progress.size() - 1)).isEqualTo(new Progress(1_000_000, 1_000_000, 2));
    }

    @Test
    void startsOverForAnotherVersion() throws IOException {
        AtomicInteger answers = new AtomicInteger();
        ServedFile second = new ServedFile(500_000, 2);
        ServedFile first = new ServedFile(500_000, 1).breaking(wanted -> 200_000);
        server.put("/file", (request, wire) -> (answers.incrementAndGet() == 1 ? first : second).write(request, wire));
        assertThat(download(dir.resolve("f"), STANDARD).path()).hasBinaryContent(whole(second, 500_000));
    }

    @Test
    void neverResumesByWeakTag() throws IOException {
        AtomicInteger answers = new AtomicInteger();
        ServedFile first = new ServedFile(500_000, 1).entityTag("W/\"a\"").breaking(wanted -> 200_000);
        ServedFile same = new ServedFile(500_000, 1).entityTag("W/\"a\"").breaking(wanted -> 200_000);
        ServedFile other = new ServedFile(500_000, 2).entityTag("W/\"b\"");
        server.put(
                "/file",
                (request, wire) -> (answers.incrementAndGet() == 1 ? first : answers.get() == 2 ? same : other)
                        .write(request, wire));
        assertThat(download(dir.resolve("f"), STANDARD).path()).hasBinaryContent(whole(other, 500_000));
        assertThat(server.requests()).noneMatch(request -> request.headers().containsKey("if-range"));
        assertThat(answers).hasValue(3);
    }

    @Test
    void startsOverWithoutValidatorOrRanges() throws IOException {
        for (boolean ranges : new boolean[] {true, false}) {
            AtomicInteger answers = new AtomicInteger();
            ServedFile file = new ServedFile(500_000, 3)
                    .entityTag(ranges ? null : "\"x\"")
                    .breaking(wanted -> answers.incrementAndGet() < 3 ? 200_000 : Long.MAX_VALUE);
            server.put("/file", ranges ? file : file.withoutRanges());
            assertThat(download(dir.resolve("f" + ranges), STANDARD).path()).hasBinaryContent(whole(file, 500_000));
            assertThat(answers).hasValue(3);
        }
    }

    @Test
    void resumesPartOfAnotherProcess() throws IOException {
        ServedFile file = new ServedFile(800_000, 4);
        byte[] bytes = whole(file, 800_000);
        server.put("/file", file);
        Files.write(dir.resolve("f.part"), Arrays.copyOf(bytes, 300_000));
        Files.write(
                dir.resolve("f.part.version"),
                List.of("etag \"4\"", "last-modified ", "length 800000", "name ", "date "));
        assertThat(download(dir.resolve("f"), STANDARD).path()).hasBinaryContent(bytes);
        assertThat(server.requests().get(0).headers()).containsEntry("range", "bytes=300000-");
        assertThat(left()).containsExactly("f");
    }

    @Test
    void ignoresPartOfAnotherOrUnknownVersion() throws IOException {
        ServedFile file = new ServedFile(80_000, 4);
        server.put("/file", file);
        for (String version : List.of("etag \"old\"\nlast-modified \nlength 80000\nname \ndate \n", "garbage", "")) {
            Files.write(dir.resolve("f.part"), new byte[50_000]);
            Files.writeString(dir.resolve("f.part.version"), version);
            assertThat(download(dir.resolve("f"), STANDARD.replacingExisting()).path())
                    .hasBinaryContent(whole(file, 80_000));
        }
    }

    @Test
    void startsOverWhenRangeCannotBeServed() throws IOException {
        server.put("/file", new ServedFile(80_000, 4));
        Files.write(dir.resolve("f.part"), new byte[90_000]);
        Files.writeString(dir.resolve("f.part.version"), "etag \"4\"\nlast-modified \nlength -1\nname \ndate \n");
        assertThat(download(dir.resolve("f"), STANDARD).path())
                .hasBinaryContent(whole(new ServedFile(80_000, 4), 80_000));
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void rejectsUnrequestedRange() throws IOException {
        server.put(
                "/file",
                (request, wire) -> wire.send(
                        "HTTP/1.1 206 Partial Content\r\nconnection: close\r\ncontent-length: 4\r\ncontent-range: bytes 2-5/9\r\n\r\nabcd"));
        assertThat(failure(DownloadTarget.file(dir.resolve("f")), STANDARD))
                .hasMessageContaining("206 from byte 2 (expected: from 0");
    }

    @Test
    void limitsFileByItsLengthAndItsBytes() throws IOException {
        server.put("/file", new ServedFile(80_000, 4));
        ApiException told = failure(DownloadTarget.file(dir.resolve("f")), STANDARD.withMaxBytes(79_999));
        assertThatObject(told.kind()).isEqualTo(ErrorKind.RESPONSE_TOO_LARGE);
        server.put("/file", (request, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n");
            for (int i = 0; i < 100; i++) {
                wire.send("400\r\n" + "x".repeat(1024) + "\r\n");
            }
            wire.send("0\r\n\r\n");
        });
        ApiException counted = failure(DownloadTarget.file(dir.resolve("f")), STANDARD.withMaxBytes(79_999));
        assertThatObject(counted.kind()).isEqualTo(ErrorKind.RESPONSE_TOO_LARGE);
        assertThat(Files.exists(dir.resolve("f"))).isFalse();
    }

    @Test
    void replacesExistingFileOnlyOnRequest() throws IOException {
        server.put("/file", new ServedFile(1000, 4));
        Files.writeString(dir.resolve("f"), "mine");
        ApiException failure = failure(DownloadTarget.file(dir.resolve("f")), STANDARD);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(server.requests()).isEmpty();
        assertThat(dir.resolve("f")).hasContent("mine");
        assertThat(download(dir.resolve("f"), STANDARD.replacingExisting()).bytes())
                .isEqualTo(1000);
    }

    @Test
    void rejectsBadTargetsBeforeSending() {
        assertThat(failure(DownloadTarget.file(dir), STANDARD)).hasMessageContaining("expected: a file");
        assertThat(failure(DownloadTarget.file(dir.resolve("no/f")), STANDARD)).hasMessageContaining("that exists");
        assertThat(failure(DownloadTarget.into(dir.resolve("no")), STANDARD)).hasMessageContaining("that exists");
        assertThat(failure(client.download(ApiRequest.post("file"), dir.resolve("f"))))
                .hasMessageContaining("expected: a GET");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void keepsServerSuppliedNameInsideDirectory() {
        server.put(
                "/file",
                new ServedFile(1000, 4)
                        .headers("content-disposition: attachment; filename=\"../../etc/pass\\\"wd\";"
                                + " filename*=UTF-8''..%2F..%2Fr%C3%A9sum%C3%A9%00.pdf\r\n"));
        Download download = client.download(ApiRequest.get("file"), DownloadTarget.into(dir), STANDARD)
                .block(PATIENCE);
        assertThat(download.path()).isEqualTo(dir.resolve("résumé.pdf"));
        assertThat(download.name()).isEqualTo("résumé.pdf");
        server.put("/file", new ServedFile(1000, 4));
        assertThat(client.download(ApiRequest.get("file"), DownloadTarget.into(dir), STANDARD)
                        .block(PATIENCE)
                        .path())
                .isEqualTo(dir.resolve("file"));
    }

    /** RFC 9110 §15.3.7: an answer to If-Range should not repeat what the client has from the first one. */
    @Test
    void keepsNameOfFirstAnswerWhenRangeOmitsIt() throws IOException {
        ServedFile first = new ServedFile(500_000, 4)
                .headers("content-disposition: attachment; filename=\"report.pdf\"\r\n")
                .breaking(wanted -> 200_000);
        ServedFile rest = new ServedFile(500_000, 4);
        AtomicInteger answers = new AtomicInteger();
        server.put("/file", (request, wire) -> (answers.incrementAndGet() == 1 ? first : rest).write(request, wire));

        Download download = client.download(ApiRequest.get("file"), DownloadTarget.into(dir), STANDARD)
                .block(PATIENCE);

        assertThat(download.resumes()).isEqualTo(1);
        assertThat(download.name()).isEqualTo("report.pdf");
        assertThat(left()).containsExactly("report.pdf");
    }

    /** A complete file is not requested again, so the server would not tell its name a second time. */
    @Test
    void keepsNameForAnotherProcess() throws IOException {
        server.put(
                "/file",
                new ServedFile(1000, 4).headers("content-disposition: attachment; filename=\"report.pdf\"\r\n"));
        Files.writeString(dir.resolve("report.pdf"), "mine");
        assertThat(failure(DownloadTarget.into(dir), STANDARD)).hasMessageContaining("report.pdf exists");

        Download download = client.download(
                        ApiRequest.get("file"), DownloadTarget.into(dir), STANDARD.replacingExisting())
                .block(PATIENCE);

        assertThat(download.path()).isEqualTo(dir.resolve("report.pdf"));
        assertThat(left()).containsExactly("report.pdf");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void asksAgainUntilAnnouncedSizeIsComplete() throws IOException {
        byte[] bytes = whole(new ServedFile(60_000, 4), 60_000);
        AtomicInteger answers = new AtomicInteger();
        server.put("/file", (request, wire) -> {
            String head = "connection: close\r\netag: \"4\"\r\n";
            if (answers.incrementAndGet() == 1) {
                wire.send("HTTP/1.1 200 OK\r\n" + head + "transfer-encoding: chunked\r\n\r\n4e20\r\n");
                wire.send(bytes, 0, 20_000);
                wire.send("\r\n");
                wire.reset();
                return;
            }
            int from = Integer.parseInt(request.headers().get("range").replaceAll("\\D", ""));
            int end = Math.min(bytes.length, from + 15_000);
            wire.send("HTTP/1.1 206 Partial Content\r\n" + head + "content-range: bytes " + from + "-" + (end - 1)
                    + "/60000\r\ncontent-length: " + (end - from) + "\r\n\r\n");
            wire.send(bytes, from, end - from);
        });

        assertThat(download(dir.resolve("f"), STANDARD).path()).hasBinaryContent(bytes);
        assertThat(answers.get()).isGreaterThan(3);
    }

    @Test
    void failsOnUnrequestedRangeNotSatisfiable() {
        server.put(
                "/file",
                (request, wire) -> wire.send("HTTP/1.1 416 Range Not Satisfiable\r\ncontent-length: 0\r\n\r\n"));
        ApiException refused = failure(DownloadTarget.file(dir.resolve("f")), STANDARD.withMaxResumes(20));
        assertThat(refused.status()).isEqualTo(416);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void keepsFileCreatedDuringDownload() throws IOException {
        server.put("/file", new ServedFile(1000, 4));
        Path place = dir.resolve("f");
        DownloadOptions options = STANDARD.withListener(progress -> write(place, "mine"));
        assertThat(failure(DownloadTarget.file(place), options)).hasMessageContaining("f exists (expected: a new file");
        assertThat(place).hasContent("mine");
        assertThat(left()).containsExactly("f", "f.part", "f.part.version");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A cancel must not wait for a channel that accepts no bytes. */
    @Test
    void stopsWritingToStalledChannelOnCancel() {
        server.put("/file", new ServedFile(1000, 4));
        AtomicInteger asked = new AtomicInteger();
        WritableByteChannel full = new WritableByteChannel() {
            @Override
            public int write(ByteBuffer bytes) {
                asked.incrementAndGet();
                return 0;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {
                // the caller closes it
            }
        };
        Disposable download = client.download(ApiRequest.get("file"), DownloadTarget.channel(full), STANDARD)
                .subscribe();
        Eventually.until(() -> asked.get() > 0);
        download.dispose();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            int before = asked.get();
            Thread.sleep(50);
            return asked.get() == before;
        });
    }

    @Test
    void writesToChannelAndLeavesItOpen() throws IOException {
        ServedFile file = new ServedFile(500_000, 5);
        AtomicInteger answers = new AtomicInteger();
        file.breaking(wanted -> answers.incrementAndGet() < 3 ? 100_000 : Long.MAX_VALUE);
        server.put("/file", file);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        client.download(ApiRequest.get("file"), DownloadTarget.channel(Channels.newChannel(bytes)), STANDARD)
                .block(PATIENCE);
        assertThat(bytes.toByteArray()).isEqualTo(whole(file, 500_000));
        answers.set(0);
        file.entityTag(null);
        assertThat(failure(DownloadTarget.channel(Channels.newChannel(new ByteArrayOutputStream())), STANDARD))
                .hasMessageContaining("cannot be rewound");
        answers.set(0);
        try (FileChannel channel =
                FileChannel.open(dir.resolve("c"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            client.download(ApiRequest.get("file"), DownloadTarget.channel(channel), STANDARD)
                    .block(PATIENCE);
            assertThat(channel.isOpen()).isTrue();
        }
        assertThat(dir.resolve("c")).hasBinaryContent(whole(file, 500_000));
    }

    @Test
    void leavesPartForNextDownloadWhenCancelled() throws IOException {
        ServedFile file = new ServedFile(1_000_000, 6);
        byte[] bytes = whole(file, 1_000_000);
        server.put("/file", (request, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\nconnection: close\r\netag: \"6\"\r\ncontent-length: 1000000\r\n\r\n");
            wire.send(bytes, 0, 400_000);
            wire.silence();
        });
        AtomicLong written = new AtomicLong();
        Disposable download = client.download(
                        ApiRequest.get("file"),
                        DownloadTarget.file(dir.resolve("f")),
                        STANDARD.withListener(progress -> written.set(progress.transferred())))
                .subscribe();
        Eventually.until(() -> written.get() == 400_000);
        assertThat(failure(DownloadTarget.file(dir.resolve("f")), STANDARD))
                .hasMessageContaining("being written by another download");
        server.put("/file", file);
        download.dispose();
        Awaitility.await() // the one that was cancelled lets go of its part a moment later
                .atMost(PATIENCE)
                .ignoreExceptionsMatching(e -> e.getMessage().contains("being written by another download"))
                .untilAsserted(() ->
                        assertThat(download(dir.resolve("f"), STANDARD).path()).hasBinaryContent(bytes));
        assertThat(server.requests()).hasSize(2);
        assertThat(server.requests().get(server.requests().size() - 1).headers())
                .containsEntry("range", "bytes=400000-");
        assertThat(left()).containsExactly("f");
    }

    @Test
    void givesUpWithoutProgressAndKeepsPart() throws IOException {
        AtomicInteger answers = new AtomicInteger();
        server.put(
                "/file", new ServedFile(500_000, 5).breaking(wanted -> answers.incrementAndGet() == 1 ? 200_000 : 0));
        ApiException failure = failure(DownloadTarget.file(dir.resolve("f")), STANDARD);
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        assertThat(answers).hasValue(4); // one, and a call with three attempts
        assertThat(left()).containsExactly("f.part", "f.part.version");
    }

    @Test
    void sendsOnlyRangeHeadersAfterRedirectToOtherOrigin() throws IOException {
        try (StreamServer store = StreamServer.start()) {
            AtomicInteger answers = new AtomicInteger();
            ServedFile file = new ServedFile(500_000, 8)
                    .breaking(wanted -> answers.incrementAndGet() == 1 ? 200_000 : Long.MAX_VALUE);
            store.put("/signed", file);
            server.put(
                    "/file",
                    (request, wire) -> wire.send("HTTP/1.1 302 Found\r\nconnection: close\r\nlocation: "
                            + store.origin() + "/signed?signature=s3cret\r\ncontent-length: 0\r\n\r\n"));
            Download download = client.download(ApiRequest.get("file").followRedirects(1), dir.resolve("f"))
                    .block(PATIENCE);
            assertThat(download.path()).hasBinaryContent(whole(file, 500_000));
            assertThat(store.requests())
                    .hasSize(2)
                    .allSatisfy(
                            request -> assertThat(request.headers()).doesNotContainKeys("authorization", "x-vendor"));
            assertThat(store.requests().get(1).headers()).containsKeys("range", "if-range");
            assertThat(download.lastCall().journey().timeline() + download).doesNotContain("s3cret");
        }
    }

    @Test
    void sendsNoCredentialToAbsoluteAddressAndHidesItsQuery() {
        try (StreamServer store = StreamServer.start()) {
            store.put("/blob", new ServedFile(1000, 8));
            URI signed = URI.create(store.origin() + "/blob?X-Signature=a%2Bs3cret+b");
            ApiRequest<?> request = ApiRequest.at(signed);
            assertThat(client.download(request, dir.resolve("f"))
                            .block(PATIENCE)
                            .bytes())
                    .isEqualTo(1000);
            assertThat(store.requests().get(0).target()).isEqualTo("/blob?X-Signature=a%2Bs3cret+b");
            assertThat(store.requests().get(0).headers()).doesNotContainKeys("authorization", "x-vendor");
            ApiException gone = failure(client.download(
                    ApiRequest.at(URI.create(store.origin() + "/gone?X-Signature=s3cret")), dir.resolve("g")));
            assertThat(gone.getMessage() + gone.journey().timeline() + request).doesNotContain("s3cret");
        }
    }
}
