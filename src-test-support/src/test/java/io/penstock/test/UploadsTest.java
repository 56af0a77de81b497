package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import io.penstock.http.Progress;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Reply;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.upload.Upload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Uploads whose bodies are read while they are sent, over real sockets; afterwards no connection, no file and no buffer
 * is left.
 */
@Tag("slow")
@ExtendWith(NoBufferLeaks.class)
class UploadsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final RetryPolicy FAST =
            RetryPolicy.standard().withBackoff(new Backoff(Duration.ofMillis(5), 2, Duration.ofMillis(20), 0.25));

    private static final int LARGE = 40_000_000;

    @TempDir
    Path directory;

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
    private final WatchedAttempt attempt = new WatchedAttempt();
    private final CountDownLatch over = new CountDownLatch(1);
    private UploadServer server;
    private ApiClient client;

    @AfterEach
    void nothingIsLeftOpen() throws IOException {
        over.countDown();
        if (client != null) {
            Connections.awaitReturn(client);
            client.closeLater().block(PATIENCE);
        }
        if (server != null) {
            server.close();
        }
        Eventually.asserted(() -> assertThat(openFiles()).isEmpty());
    }

    /** Returns the files of this test that the process has open according to the operating system. */
    private List<Path> openFiles() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return List.of();
        }
        try (Stream<Path> open = Files.list(descriptors)) {
            return open.map(UploadsTest::target)
                    .filter(file -> file.startsWith(directory))
                    .toList();
        }
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException closedMeanwhile) {
            return link;
        }
    }

    private Path file(int size) throws IOException {
        return Files.write(directory.resolve("upload-" + size + ".bin"), bytes(size));
    }

    /** Creates a file larger than the kernel's buffers, so that it stalls when the server does not read. */
    private Path largeFile() throws IOException {
        Path file = directory.resolve("large.bin");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[1]), LARGE - 1);
        }
        return file;
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private ApiClient client(UploadServer.Reading... readings) {
        return client(b -> b, readings);
    }

    private ApiClient client(UnaryOperator<ApiClientBuilder> configuration, UploadServer.Reading... readings) {
        server = UploadServer.reading(readings);
        client = configuration.apply(ApiClient.builder(vendor()).retry(FAST)).build();
        return client;
    }

    /** Returns a client on a virtual clock that makes a single attempt. */
    private ApiClient timed(UnaryOperator<ApiClientBuilder> configuration, UploadServer.Reading reading) {
        return client(
                b -> configuration.apply(b.scheduler(clock)
                        .retry(FAST.withMaxAttempts(1))
                        .operator(Operator.Position.PER_ATTEMPT, attempt)),
                reading);
    }

    /**
     * Declares the quota as unknown: a gate that expects reports of one lets only one attempt a second through at
     * first.
     */
    private VendorSpec vendor() {
        return VendorSpec.generic("api", URI.create(server.uri())).withQuota(QuotaModel.unknown());
    }

    private static ApiException failureOf(Mono<?> call) {
        ApiException failure = catchThrowableOfType(ApiException.class, () -> call.block(PATIENCE));
        assertThat((Object) failure).as("the call should have failed").isNotNull();
        return failure;
    }

    /** An answer that overtakes the end of the request costs the connection, as docs/uploads.md says. */
    private void answer(RawServer.Peer peer) throws IOException {
        attempt.await(call -> call.sending() != null && call.sending().isEnded());
        peer.send(UploadServer.OK);
    }

    /** Lets a server wait until the test has seen the end of the call. */
    private void untilItIsOver() throws IOException {
        try {
            if (!over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("the call has not ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private UploadServer.Received only() {
        assertThat(server.received()).hasSize(1);
        return server.received().get(0);
    }

    @Test
    void sendsFileByteForByteWithLengthAndType() throws IOException {
        for (int size : new int[] {0, 1, 65_535, 65_536, 65_537, 3_000_000}) {
            Path file = file(size);
            ApiClient api = client(UploadServer::whole);
            api.execute(ApiRequest.put("files").body(Upload.file(file, "image/png")))
                    .block(PATIENCE);

            assertThat(only().body()).as("a file of %d bytes", size).isEqualTo(bytes(size));
            assertThat(only().header("content-length")).isEqualTo(Integer.toString(size));
            assertThat(only().header("content-type")).isEqualTo("image/png");
            assertThat(only().header("transfer-encoding")).isEmpty();
            nothingIsLeftOpen();
        }
    }

    @Test
    void sendsFormLikeBrowsersWithExactLength() throws IOException {
        Path file = file(200_000);
        ApiClient api = client(UploadServer::whole);
        api.execute(ApiRequest.post("files")
                        .body(Upload.form()
                                .text("type", "local")
                                .text("absent", null)
                                .text("wei\"rd\r\nn\u00e4me", "v\u00e4lue")
                                .file("file", file, "r\u00e9sum\u00e9 \"1\".pdf", "application/pdf")
                                .text("last", 7)))
                .block(PATIENCE);

        String type = only().header("content-type");
        assertThat(type).startsWith("multipart/form-data; boundary=");
        String boundary = type.substring(type.indexOf('=') + 1);
        byte[] body = only().body();
        String head = "--" + boundary + "\r\ncontent-disposition: form-data; name=\"type\"\r\n\r\nlocal\r\n--"
                + boundary
                + "\r\ncontent-disposition: form-data; name=\"wei%22rd%0D%0An\u00e4me\"\r\n\r\nv\u00e4lue\r\n--"
                + boundary
                + "\r\ncontent-disposition: form-data; name=\"file\"; filename=\"r\u00e9sum\u00e9 %221%22.pdf\"\r\n"
                + "content-type: application/pdf\r\n\r\n";
        String tail = "\r\n--" + boundary + "\r\ncontent-disposition: form-data; name=\"last\"\r\n\r\n7\r\n--"
                + boundary + "--\r\n";
        assertThat(body)
                .isEqualTo(joined(
                        head.getBytes(StandardCharsets.UTF_8), bytes(200_000), tail.getBytes(StandardCharsets.UTF_8)));
        assertThat(only().header("content-length")).isEqualTo(Integer.toString(body.length));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void encodesFilesInJsonAsBase64AtAnyLength() throws IOException {
        for (int size : new int[] {0, 1, 2, 3, 49_151, 49_152, 49_153, 400_001}) {
            Path file = file(size);
            ApiClient api = client(UploadServer::whole);
            Map<String, Object> note = Map.of(
                    "text", "caf\u00e9 \u20ac", "files", List.of(Map.of("name", "a.bin"), Map.of("name", "b.bin")));
            api.execute(ApiRequest.post("notes")
                            .body(Upload.json(note)
                                    .dataUri("/files/1/data", file, "image/png")
                                    .base64("/files/0/data", file)))
                    .block(PATIENCE);

            JsonNode arrived = JsonMapper.shared().readTree(only().body());
            String base64 = Base64.getEncoder().encodeToString(bytes(size));
            assertThat(arrived.at("/files/0/data").asString()).isEqualTo(base64);
            assertThat(arrived.at("/files/1/data").asString()).isEqualTo("data:image/png;base64," + base64);
            assertThat(arrived.at("/files/1/name").asString()).isEqualTo("b.bin");
            assertThat(arrived.at("/text").asString()).isEqualTo("caf\u00e9 \u20ac");
            assertThat(only().header("content-length")).isEqualTo(Integer.toString(only().body().length));
            assertThat(only().header("content-type")).isEqualTo("application/json");
            nothingIsLeftOpen();
        }
    }

    @Test
    void sendsStreamInChunksOrWithDeclaredLength() throws IOException {
        List<UploadServer.Received> uploads = new CopyOnWriteArrayList<>();
        ApiClient api = client(b -> b.operator(Operator.Position.PER_ATTEMPT, attempt), (peer, head) -> {
            for (String next = head; ; next = peer.head()) { // on one connection or on two
                byte[] body = UploadServer.whole(peer, next);
                uploads.add(new UploadServer.Received(next, body));
                if (uploads.size() == 2) {
                    return body;
                }
                answer(peer);
            }
        });
        Flux<ByteBuffer> parts = Flux.range(0, 50).map(i -> ByteBuffer.wrap(bytes(i * 100))); // the first one is empty
        api.execute(ApiRequest.post("logs").body(Upload.stream(parts, "text/plain")))
                .block(PATIENCE);
        Connections.awaitReturn(client);
        api.execute(ApiRequest.post("logs").body(Upload.stream(parts, 122_500, "text/plain")))
                .block(PATIENCE);

        byte[] expected = joined(
                Flux.range(0, 50).map(i -> bytes(i * 100)).collectList().block().toArray(new byte[0][]));
        assertThat(uploads).hasSize(2).extracting(UploadServer.Received::body).containsOnly(expected);
        assertThat(uploads.get(0).header("transfer-encoding")).isEqualTo("chunked");
        assertThat(uploads.get(1).header("content-length")).isEqualTo("122500");
    }

    @Test
    void reportsProgressUpToTheWhole() throws IOException {
        Path file = file(1_000_000);
        List<Progress> told = new CopyOnWriteArrayList<>();
        List<String> threads = new CopyOnWriteArrayList<>();
        client(UploadServer::whole)
                .execute(ApiRequest.put("files")
                        .body(Upload.file(file, "image/png"))
                        .onUpload(progress -> {
                            told.add(progress);
                            threads.add(Thread.currentThread().getName());
                            if (told.size() == 1) {
                                throw new IllegalStateException("a listener's own mistake");
                            }
                        }))
                .block(PATIENCE);

        assertThat(told).hasSize(16).isSortedAccordingTo((a, b) -> Long.compare(a.transferred(), b.transferred()));
        assertThat(told).allSatisfy(progress -> assertThat(progress.total()).isEqualTo(1_000_000));
        assertThat(told.get(15).isComplete()).isTrue();
        assertThat(told.get(15).fraction()).isEqualTo(1);
        assertThat(threads).allSatisfy(name -> assertThat(name).startsWith("reactor-http"));
    }

    @Test
    void completesUploadDespiteAssertionErrorInListener() throws IOException {
        AtomicInteger told = new AtomicInteger();
        client(UploadServer::whole)
                .execute(ApiRequest.put("files")
                        .body(Upload.file(file(1_000_000), "image/png"))
                        .onUpload(progress -> {
                            told.incrementAndGet();
                            throw new AssertionError("a listener's own mistake");
                        }))
                .block(PATIENCE);

        assertThat(told).hasValue(16);
        assertThat(only().body()).isEqualTo(bytes(1_000_000));
    }

    @Test
    void resendsSafeUploadWithSameBytes() throws IOException {
        long seed = 20_261_125;
        Random random = new Random(seed);
        Path file = file(700_000);
        for (int round = 0; round < 12; round++) {
            int cut = random.nextInt(700_000);
            int secondCut = random.nextInt(700_000);
            ApiClient api = client(UploadServer.cutAfter(cut), UploadServer.cutAfter(secondCut), UploadServer::whole);
            var answer = api.execute(ApiRequest.put("files").body(Upload.file(file, "image/png")))
                    .block(PATIENCE);

            assertThat(only().body())
                    .as("seed %d, cut after %d and %d bytes", seed, cut, secondCut)
                    .isEqualTo(bytes(700_000));
            assertThat(answer.journey().attempts()).hasSize(3);
            nothingIsLeftOpen();
        }
    }

    @Test
    void resendsFormWithSameBoundary() throws IOException {
        Path file = file(300_000);
        List<String> types = new CopyOnWriteArrayList<>();
        ApiClient api = client((peer, head) -> {
            types.add(new UploadServer.Received(head, new byte[0]).header("content-type"));
            if (peer.number() == 1) {
                return UploadServer.cutAfter(100_000).read(peer, head);
            }
            return UploadServer.whole(peer, head);
        });
        api.execute(ApiRequest.put("files").body(Upload.form().file("file", file)))
                .block(PATIENCE);

        assertThat(types).hasSize(2);
        assertThat(types.get(0)).isEqualTo(types.get(1));
    }

    @Test
    void doesNotResendCutUnkeyedPost() throws IOException {
        Path file = file(700_000);
        ApiException failure = failureOf(client(UploadServer.cutAfter(350_000), UploadServer::whole)
                .execute(ApiRequest.post("files").body(Upload.file(file, "image/png"))));

        assertThat((Object) failure.kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(server.received()).isEmpty();
        assertThat(server.raw().connections()).isOne();
    }

    @Test
    void failsWhenFileChangesBetweenAttempts() throws IOException {
        Path file = file(100_000);
        ApiException failure = failureOf(client(
                        (peer, head) -> {
                            peer.body(100_000); // the whole body: the client no longer reads the file
                            Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
                            peer.rst();
                            throw new IOException("cut");
                        },
                        UploadServer::whole)
                .execute(ApiRequest.put("files").body(Upload.file(file, "image/png"))));

        assertThat((Object) failure.kind()).isEqualTo(ErrorKind.BODY_UNREADABLE);
        assertThat(failure.getMessage())
                .contains("upload-100000.bin has changed since this call began: 100000 bytes of 2020-01-01T00:00:00Z");
        assertThat(failure.certainty()).as("of the first attempt").isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(failure.journey().attempts()).hasSize(2);
        assertThat(server.raw().connections()).isOne();
    }

    @Test
    void readsFileAnewForEachSubscription() throws IOException {
        Path file = file(1_000);
        List<byte[]> bodies = new CopyOnWriteArrayList<>();
        ApiClient api = client((peer, head) -> {
            for (String next = head; ; next = peer.head()) { // on one connection or on two
                bodies.add(UploadServer.whole(peer, next));
                peer.send(UploadServer.OK);
            }
        });
        Mono<?> call = api.execute(ApiRequest.put("files").body(Upload.file(file, "image/png")));
        call.block(PATIENCE);
        Files.write(file, bytes(2_000));
        call.block(PATIENCE);

        assertThat(bodies).containsExactly(bytes(1_000), bytes(2_000));
    }

    @Test
    void rejectsChangedFileUnderSameKey() throws IOException {
        Path file = file(1_000);
        ApiClient api = keyed(UploadServer::whole);
        Mono<?> call = api.execute(
                ApiRequest.post("files").body(Upload.file(file, "image/png")).idempotencyKey(IdempotencyKey.of("k-1")));
        call.block(PATIENCE);
        Files.write(file, bytes(2_000));

        ApiException failure = failureOf(call);
        assertThat((Object) failure.kind()).isEqualTo(ErrorKind.BODY_UNREADABLE);
        assertThat(failure.getMessage())
                .contains("has changed")
                .contains("with an idempotency key also at that of an earlier subscription");
        assertThat(server.received()).hasSize(1);
    }

    private ApiClient keyed(UploadServer.Reading... readings) {
        server = UploadServer.reading(readings);
        client = ApiClient.builder(vendor().withKeyPlacement(KeyPlacement.header("idempotency-key")))
                .retry(FAST)
                .build();
        return client;
    }

    @Test
    void resendsKeyedPostWithSameBytesForOneEffect() throws IOException {
        Path file = file(700_000);
        List<String> heads = new CopyOnWriteArrayList<>();
        Map<String, byte[]> effects = new ConcurrentHashMap<>();
        ApiClient api = keyed((peer, head) -> {
            heads.add(head);
            if (peer.number() == 1) {
                return UploadServer.cutAfter(350_000).read(peer, head);
            }
            byte[] body = UploadServer.whole(peer, head);
            effects.putIfAbsent(new UploadServer.Received(head, body).header("idempotency-key"), body);
            if (peer.number() == 2) {
                peer.rst(); // it was acted on, and the answer is lost
                throw new IOException("cut");
            }
            return body;
        });
        var answer = api.execute(ApiRequest.post("files")
                        .body(Upload.form().text("n", 1).file("file", file))
                        .idempotencyKey(IdempotencyKey.of("k-1")))
                .block(PATIENCE);

        assertThat(answer.journey().attempts()).hasSize(3);
        assertThat(heads).hasSize(3);
        assertThat(effects).containsOnlyKeys("k-1");
        assertThat(only().body()).isEqualTo(effects.get("k-1"));
    }

    @Test
    void runsBlockingPublisherOffTheEventLoop() {
        List<String> threads = new CopyOnWriteArrayList<>();
        Flux<ByteBuffer> parts = Flux.<ByteBuffer, Integer>generate(() -> 0, (i, sink) -> {
            threads.add(Thread.currentThread().getName());
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (i == 20) {
                sink.complete();
            } else {
                sink.next(ByteBuffer.wrap(bytes(i * 1_000)));
            }
            return i + 1;
        });
        client(UploadServer::whole)
                .execute(ApiRequest.post("logs").body(Upload.stream(parts, "text/plain")))
                .block(PATIENCE);

        assertThat(only().body()).hasSize(190_000);
        assertThat(threads).hasSize(21).allSatisfy(name -> assertThat(name).startsWith("boundedElastic"));
    }

    @Test
    void sendsPartsFromForeignThreadsByteForByte() {
        // Every part from another thread than the one before, the subscription from a third.
        Flux<ByteBuffer> parts = Flux.range(0, 2_000)
                .concatMap(i ->
                        Mono.fromSupplier(() -> ByteBuffer.wrap(bytes(i % 700))).subscribeOn(Schedulers.parallel()))
                .subscribeOn(Schedulers.single());
        client(UploadServer::whole)
                .execute(ApiRequest.post("logs").body(Upload.stream(parts, "text/plain")))
                .block(PATIENCE);

        assertThat(only().body())
                .isEqualTo(joined(Flux.range(0, 2_000)
                        .map(i -> bytes(i % 700))
                        .collectList()
                        .block()
                        .toArray(new byte[0][])));
    }

    @Test
    void runsBlockingCancelOffTheEventLoop() throws Exception {
        CountDownLatch cleaned = new CountDownLatch(1);
        List<String> threads = new CopyOnWriteArrayList<>();
        Flux<ByteBuffer> parts = endless(10_000_000).doOnCancel(() -> {
            threads.add(Thread.currentThread().getName());
            cleaned.countDown();
        });
        failureOf(client(UploadServer.cutAfter(1_000))
                .execute(ApiRequest.put("logs").body(Upload.stream(parts, "text/plain"))));

        assertThat(cleaned.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(threads).allSatisfy(name -> assertThat(name).startsWith("boundedElastic"));
    }

    @Test
    void rejectsInvalidUploadsBeforeSending() throws IOException {
        Path file = file(10);
        ApiClient api = client(UploadServer::whole);
        Upload upload = Upload.file(file, "image/png");
        Map<Mono<?>, String> refused = Map.of(
                api.execute(ApiRequest.put("files").body(Upload.form())),
                "a form without a part",
                api.execute(ApiRequest.get("files").body(upload)),
                "GET with an upload (expected: a POST, PUT or PATCH)",
                api.execute(ApiRequest.put("files").body(upload).header("Content-Type", "text/plain")),
                "header content-type: given beside an upload",
                api.execute(
                        ApiRequest.put("notes").body(Upload.json(Map.of("a", 1)).base64("no-pointer", file))),
                "no-pointer",
                api.execute(
                        ApiRequest.put("notes").body(Upload.json(Map.of("a", 1)).base64("/a/b", file))),
                "/a/b");
        refused.forEach((call, message) -> {
            ApiException failure = failureOf(call);
            assertThat((Object) failure.kind()).as(message).isEqualTo(ErrorKind.INVALID_REQUEST);
            assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
            assertThat(failure.getMessage()).contains(message);
        });
        assertThat(server.raw().connections()).isZero();
    }

    @Test
    void cutsUploadOfFileThatGrowsDuringSend() throws Exception {
        Path file = largeFile();
        AtomicInteger arrived = new AtomicInteger();
        CountDownLatch cut = new CountDownLatch(1);
        ApiException failure = failureOf(client((peer, head) -> {
                    arrived.set(peer.body(10_000).length);
                    Files.write(file, new byte[1], StandardOpenOption.APPEND);
                    try {
                        for (int read = 1; read > 0; arrived.addAndGet(read)) {
                            read = peer.body(65_536).length;
                        }
                    } finally {
                        cut.countDown();
                    }
                    throw new IOException("cut");
                })
                .execute(ApiRequest.put("files").body(Upload.file(file, "image/png"))));

        assertThat((Object) failure.kind()).isEqualTo(ErrorKind.BODY_UNREADABLE);
        assertThat(failure.getMessage()).contains("has changed").contains(LARGE + 1 + " bytes");
        assertThat(cut.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(arrived.get())
                .as("the server can see that it is not whole")
                .isGreaterThanOrEqualTo(10_000)
                .isLessThan(LARGE);
    }

    @Test
    void failsWhenFileShrinksDuringSend() throws IOException {
        Path file = largeFile();
        ApiException failure = failureOf(client((peer, head) -> {
                    peer.body(10_000);
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.truncate(5); // in one step, so that it is never seen empty
                    }
                    return peer.body(LARGE);
                })
                .execute(ApiRequest.put("files").body(Upload.file(file, "image/png"))));

        assertThat((Object) failure.kind()).isEqualTo(ErrorKind.BODY_UNREADABLE);
        assertThat(failure.getMessage()).contains("has changed").contains("expected: " + LARGE + " bytes");
        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
    }

    @Test
    void rejectsUnreadableFileBeforeSending() throws IOException {
        Path missing = directory.resolve("missing.bin");
        ApiClient api = client(UploadServer::whole);
        for (Path bad : List.of(missing, directory)) {
            ApiException failure = failureOf(api.execute(ApiRequest.put("files").body(Upload.file(bad, "image/png"))));

            assertThat((Object) failure.kind()).isEqualTo(ErrorKind.BODY_UNREADABLE);
            assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
            assertThat(failure.getMessage()).contains(bad.toString()).contains("expected: a readable file");
        }
        assertThat(server.raw().connections()).isZero();
    }

    @Test
    void reportsOriginalErrorForStreamThatCannotBeResent() throws IOException {
        ApiException failure = failureOf(client(UploadServer.cutAfter(1_000), UploadServer::whole)
                .execute(ApiRequest.put("logs").body(Upload.stream(endless(2_000_000), "text/plain"))));

        assertThat((Object) failure.kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        assertThat(failure.journey().attempts()).hasSize(1);
        assertThat(failure.journey().notes())
                .containsExactly("not sent again: the body is a stream, which can be read only once");
        assertThat(server.raw().connections()).isOne();
    }

    /** Returns the given number of bytes in parts of 1000. */
    private static Flux<ByteBuffer> endless(int bytes) {
        return Flux.range(0, bytes / 1000).map(i -> ByteBuffer.wrap(new byte[1000]));
    }

    @Test
    void sendsUnreadStreamInNextAttempt() {
        AtomicInteger attempts = new AtomicInteger();
        Operator firstFails = new Operator() {
            @Override
            public Mono<Reply> apply(Call call, Exchange next) {
                return attempts.incrementAndGet() == 1
                        ? Mono.error(new ApiException(Failure.of(
                                ErrorKind.CONNECT, Certainty.NOT_SENT, Retryability.TRANSIENT, "connection refused")))
                        : next.exchange(call);
            }

            @Override
            public String describe() {
                return "the first attempt fails";
            }
        };
        ApiClient api = client(b -> b.operator(Operator.Position.PER_ATTEMPT, firstFails), UploadServer::whole);
        api.execute(ApiRequest.post("logs").body(Upload.stream(endless(5_000), "text/plain")))
                .block(PATIENCE);

        assertThat(only().body()).hasSize(5_000);
        assertThat(attempts).hasValue(2);
    }

    @Test
    void rejectsStreamAlreadyReadByAnotherCall() {
        ApiClient api = client(UploadServer::whole);
        ApiRequest<?> request = ApiRequest.post("logs").body(Upload.stream(endless(5_000), "text/plain"));
        api.execute(request).block(PATIENCE);
        ApiException failure = failureOf(api.execute(request));

        assertThat((Object) failure.kind()).isEqualTo(ErrorKind.BODY_UNREADABLE);
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(failure.getMessage()).contains("can be read only once");
    }

    @Test
    void endsCallAndRequestWhenStreamFailsOrMissesItsLength() throws IOException {
        IllegalStateException reason = new IllegalStateException("disk gone");
        record Broken(Upload upload, String message) {}
        for (Broken broken : List.of(
                new Broken(
                        Upload.stream(endless(10_000).concatWith(Mono.error(reason)), "text/plain"),
                        "its publisher failed with IllegalStateException"),
                new Broken(
                        Upload.stream(endless(10_000), 10_001, "text/plain"),
                        "gave 10000 bytes (expected: the 10001 promised)"),
                new Broken(
                        Upload.stream(endless(10_000), 9_999, "text/plain"),
                        "gave more than the 9999 bytes promised"))) {
            ApiException failure = failureOf(
                    client(UploadServer::whole).execute(ApiRequest.put("logs").body(broken.upload())));

            assertThat((Object) failure.kind()).isEqualTo(ErrorKind.BODY_UNREADABLE);
            assertThat(failure.getMessage()).contains(broken.message());
            Eventually.until(
                    () -> server.raw().connections() == 0 || server.raw().open() == 0);
            assertThat(server.received()).as("no complete request").isEmpty();
            nothingIsLeftOpen();
        }
    }

    @Test
    void requestsFewPartsWhileServerDoesNotRead() {
        AtomicLong emitted = new AtomicLong();
        AtomicReference<Progress> last = new AtomicReference<>(new Progress(0, 0));
        ApiClient api = client((peer, head) -> {
            long before;
            do { // until no more is taken, because the kernel's buffers are full
                before = emitted.get();
                peer.pause(100);
            } while (before == 0 || before < emitted.get());
            return UploadServer.whole(peer, head);
        });
        Flux<ByteBuffer> parts = Flux.<ByteBuffer>generate(sink -> sink.next(ByteBuffer.wrap(new byte[64 * 1024])))
                .take(1_000)
                .doOnNext(part -> emitted.addAndGet(64 * 1024));
        AtomicLong ahead = new AtomicLong();
        api.execute(ApiRequest.post("logs")
                        .body(Upload.stream(parts, "text/plain"))
                        .onUpload(progress -> {
                            last.set(progress);
                            ahead.accumulateAndGet(emitted.get() - progress.transferred(), Math::max);
                        }))
                .block(PATIENCE);

        assertThat(last.get().transferred()).isEqualTo(1_000L * 64 * 1024);
        assertThat(ahead.get()).isLessThanOrEqualTo(5 * 64 * 1024);
    }

    @Test
    void closesConnectionAndFileOnCancel() throws Exception {
        Path file = largeFile();
        CountDownLatch underWay = new CountDownLatch(1);
        CountDownLatch hungUp = new CountDownLatch(1);
        ApiClient api = client((peer, head) -> {
            peer.body(100_000);
            underWay.countDown();
            untilItIsOver();
            try {
                peer.silence();
            } finally {
                hungUp.countDown();
            }
            throw new IOException("hung up");
        });
        Disposable call = api.execute(ApiRequest.put("files").body(Upload.file(file, "image/png")))
                .subscribe();
        assertThat(underWay.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(openFiles()).containsExactly(file);
        call.dispose();
        over.countDown();

        assertThat(hungUp.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(server.received()).isEmpty();
    }

    @Test
    void outlastsAttemptTimeoutWhileUploadAdvances() throws IOException {
        Path file = largeFile();
        ApiClient api = timed(b -> b.attemptTimeout(Duration.ofSeconds(1)), (peer, head) -> {
            int read = 0;
            long moved = 0;
            for (int i = 0; i < 10; i++) {
                while (attempt.sentBytes() == moved) {
                    read += peer.body(50_000).length;
                }
                moved = attempt.sentBytes();
                clock.advanceTimeBy(Duration.ofMillis(500));
            }
            return new byte[read + peer.body(LARGE - read).length];
        });
        var answer = api.execute(ApiRequest.put("files").body(Upload.file(file, "image/png")))
                .block(PATIENCE);

        assertThat(only().body()).hasSize(LARGE);
        assertThat(answer.journey().attempts()).hasSize(1);
        assertThat(answer.journey().elapsed()).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void reportsStalledUploadInSendPhase() throws IOException {
        Path file = largeFile();
        ApiException failure = failureOf(
                client(b -> b.retry(FAST.withMaxAttempts(1)).idleTimeout(Duration.ofMillis(200)), (peer, head) -> {
                            untilItIsOver();
                            throw new IOException("no");
                        })
                        .execute(ApiRequest.put("files").body(Upload.file(file, "image/png"))));

        assertThat((Object) failure.kind()).isEqualTo(ErrorKind.TIMEOUT);
        assertThat(failure.phase()).isEqualTo(Phase.SEND);
        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(failure.getMessage())
                .matches("timeout between two parts of the body of 200 ms: \\d+ of " + LARGE
                        + " bytes of the body sent");
    }

    @Test
    void startsAttemptTimeoutAfterBodyIsSent() throws IOException {
        Path file = largeFile();
        ApiException failure = failureOf(timed(b -> b.attemptTimeout(Duration.ofMillis(200)), (peer, head) -> {
                    peer.body(10_000);
                    clock.advanceTimeBy(Duration.ofMillis(150));
                    peer.body(LARGE - 10_000);
                    attempt.await(
                            call -> call.sending() != null && call.sending().isEnded());
                    clock.advanceTimeBy(Duration.ofMillis(300));
                    untilItIsOver();
                    throw new IOException("no");
                })
                .execute(ApiRequest.put("files").body(Upload.file(file, "image/png"))));

        assertThat(failure.phase()).isEqualTo(Phase.ATTEMPT);
        assertThat(failure.getMessage()).contains("attempt timeout of 200 ms: no answer yet");
        assertThat(failure.journey().elapsed())
                .as("150 ms passed before")
                .isBetween(Duration.ofMillis(350), Duration.ofMillis(360));
    }

    @Test
    void endsAdvancingUploadAtDeadline() throws IOException {
        Path file = largeFile();
        ApiException failure = failureOf(timed(b -> b, (peer, head) -> {
                    for (int i = 0; i < 10; i++) {
                        peer.body(50_000);
                        clock.advanceTimeBy(Duration.ofMillis(100));
                    }
                    throw new IOException("no");
                })
                .execute(ApiRequest.put("files")
                        .body(Upload.file(file, "image/png"))
                        .deadline(Duration.ofMillis(400))));

        assertThat((Object) failure.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(failure.phase()).isEqualTo(Phase.TOTAL);
        assertThat(failure.getMessage()).contains("of " + LARGE + " bytes of the body sent");
    }

    @Test
    void acceptsAnswerBeforeEndOfBody() throws IOException {
        Path file = file(8_000_000);
        String refusal = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\n{}";
        for (boolean reset : new boolean[] {false, true}) {
            for (int round = 0; round < 10; round++) {
                int read = round * 1_000;
                ApiException failure = failureOf(client((peer, head) -> {
                            peer.body(read);
                            peer.send(refusal);
                            if (reset) {
                                peer.rst();
                            } else {
                                peer.pause(50);
                            }
                            throw new IOException("refused");
                        })
                        .execute(ApiRequest.put("files").body(Upload.file(file, "image/png"))));

                assertThat(failure.status())
                        .as("reset %s, after %d bytes", reset, read)
                        .isEqualTo(413);
                assertThat(failure.journey().attempts()).hasSize(1);
                nothingIsLeftOpen();
            }
        }
    }

    /** The server answers when the client knows that all is sent: an answer before that would close the connection. */
    @Test
    void reusesConnectionAfterUpload() throws IOException {
        Path file = file(300_000);
        CountDownLatch sent = new CountDownLatch(1);
        UploadServer.Reading twice = (peer, head) -> {
            UploadServer.whole(peer, head);
            await(sent);
            answer(peer);
            return UploadServer.whole(peer, peer.head());
        };
        ApiClient api = client(b -> b.operator(Operator.Position.PER_ATTEMPT, attempt), twice);
        ApiRequest<?> request = ApiRequest.put("files")
                .body(Upload.file(file, "image/png"))
                .onUpload(progress -> {
                    if (progress.transferred() == 300_000) {
                        sent.countDown();
                    }
                });
        api.execute(request).block(PATIENCE);
        Connections.awaitReturn(client);
        api.execute(request).block(PATIENCE);

        assertThat(server.raw().connections()).isOne();
        assertThat(only().body()).isEqualTo(bytes(300_000));
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("the upload was not sent");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
