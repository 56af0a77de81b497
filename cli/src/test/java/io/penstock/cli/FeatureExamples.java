package io.penstock.cli;

import static io.penstock.test.PenstockAssertions.API_EXCEPTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ApiClient;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.body.ServerSentEvent;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.download.Download;
import io.penstock.download.DownloadOptions;
import io.penstock.download.DownloadTarget;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.hedge.HedgingPolicy;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.paging.Pages;
import io.penstock.paging.Paging;
import io.penstock.pentify.Pentify;
import io.penstock.pentify.model.NewScan;
import io.penstock.pentify.model.ScanType;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Operator;
import io.penstock.polling.JobShape;
import io.penstock.polling.Poll;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.Polling;
import io.penstock.polling.StateWords;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiRequest.Pending;
import io.penstock.request.ApiResponse;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.Probe;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.LongOperation;
import io.penstock.spec.VendorSpec;
import io.penstock.test.CassettePlayer;
import io.penstock.test.CassetteRecorder;
import io.penstock.test.ScriptedTransport;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.pentify.PentifySimulator;
import io.penstock.timeout.Deadline;
import io.penstock.transport.ClientCertificate;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.ConnectionOptions.HttpVersion;
import io.penstock.transport.ProxyOptions;
import io.penstock.upload.Upload;
import io.penstock.webhook.DuplicateGuard;
import io.penstock.webhook.SignatureScheme;
import io.penstock.webhook.WebhookReceiver;
import io.penstock.webhook.WebhookVerifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

/**
 * The examples of the feature pages, compiled: {@code GuidesTest} compares them with the pages. {@code
 * FeatureOutputsTest} runs some of them.
 */
final class FeatureExamples {

    private static final Logger log = LoggerFactory.getLogger(FeatureExamples.class);

    private FeatureExamples() {}

    record Thing(String id, String name) {}

    record ThingEvent(String id, String type) {}

    static ApiClient retries(VendorSpec acme, String key) {
        // example: retry policy
        ApiClient client = ApiClient.builder(acme)
                .secret(Secret.of(key))
                .retry(RetryPolicy.standard().withMaxAttempts(3).withMaxHint(Duration.ofMinutes(2)))
                .build();
        // end
        return client;
    }

    static Mono<ApiResponse<Thing>> keyedPost(ApiClient client) {
        // example: keyed POST
        ApiRequest<Thing> order = ApiRequest.post("things")
                .body(Map.of("name", "lamp"))
                .idempotencyKey(IdempotencyKey.of("order-4711"))
                .as(Thing.class);
        Mono<ApiResponse<Thing>> created = client.execute(order);
        // end
        return created;
    }

    static ApiRequest<Thing> probedPost() {
        // example: probe
        ApiRequest<Thing> order = ApiRequest.post("things")
                .body(Map.of("name", "lamp"))
                .as(Thing.class)
                .reconciledBy(Probe.of(
                        ApiRequest.get("things").query("name", "lamp").as(Thing[].class),
                        found -> found.length == 0 ? null : found[0]));
        // end
        return order;
    }

    static ApiClient declaredLimit(String key) {
        // example: documented limit
        VendorSpec acme = VendorSpec.generic("acme", URI.create("https://api.example.com/v1/"))
                .withQuota(QuotaModel.reported(HeaderFamily.auto())
                        .withLimits(DeclaredLimit.perCredential("minute", 60, Duration.ofMinutes(1))));
        ApiClient client = ApiClient.builder(acme).secret(Secret.of(key)).build();
        // end
        return client;
    }

    static Mono<Void> forecast(ApiClient client, Mono<Void> nightlyImport) {
        // example: forecast
        Instant end = client.quota().eta(12_000); // null if it cannot be told
        Mono<Void> tonight = client.quota().whenAvailable(100).then(nightlyImport);
        // end
        log.info("{}", end);
        return tonight;
    }

    static Mono<Thing> circuit(VendorSpec acme, String key, ApiRequest<Thing> request, Mono<Thing> cached) {
        // example: circuit
        ApiClient client = ApiClient.builder(acme)
                .secret(Secret.of(key))
                .circuit(CircuitPolicy.standard().withScope(CircuitPolicy.Scope.OPERATION))
                .build();

        Mono<Thing> patient = client.value(request); // waits for its turn until its deadline
        Mono<Thing> quick =
                client.value(request.failFast()).onErrorResume(ErrorKind.CIRCUIT_OPEN::matches, e -> cached);
        // end
        return patient.or(quick);
    }

    static ApiClient hedging(VendorSpec acme, String key) {
        // example: hedging
        ApiClient client = ApiClient.builder(acme)
                .secret(Secret.of(key))
                .hedging(HedgingPolicy.standard())
                .build();
        // end
        return client;
    }

    static ApiClient proxy(VendorSpec acme, String key, String proxyPassword) {
        // example: proxy
        ProxyOptions proxy = ProxyOptions.http("proxy.example.com", 3128)
                .withCredentials("orders", Secret.of(proxyPassword))
                .withNoProxy("localhost", ".internal.example.com", "10.0.0.0/8");

        ApiClient client = ApiClient.builder(acme)
                .secret(Secret.of(key))
                .connections(ConnectionOptions.standard().withProxy(proxy))
                .build();
        // end
        return client;
    }

    static Mono<Void> lifecycle(VendorSpec acme, String key) {
        // example: lifecycle
        ApiClient client =
                ApiClient.builder(acme).secret(Secret.of(key)).ownResources().build();

        Mono<Void> ready = client.warmUp();
        boolean healthy = client.health().isReady();
        Mono<Void> stopped = client.closeGracefully(Duration.ofSeconds(20));
        // end
        return healthy ? ready.then(stopped) : stopped;
    }

    static ApiClient clientCertificate(VendorSpec acme, Path directory) {
        // example: client certificate
        ClientCertificate certificate =
                ClientCertificate.ofPem(directory.resolve("client.pem"), directory.resolve("key.pem"));

        ApiClient client = ApiClient.builder(acme)
                .connections(ConnectionOptions.standard()
                        .withTrusted(directory.resolve("authority.pem"))
                        .withClientCertificate(certificate))
                .build();
        // end
        return client;
    }

    static ConnectionOptions pins() {
        // example: pins
        ConnectionOptions options = ConnectionOptions.standard()
                .withPins(
                        "api.example.com",
                        "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
                        "sha256/4uKUUMBm0qr+6nRRIH4pe3Hm2SZCb4WBHOWyQHuMrW4=");
        // end
        return options;
    }

    static ConnectionOptions tcp() {
        // example: tcp
        ConnectionOptions options = ConnectionOptions.standard()
                .withTcp(tcp -> tcp.bindAddress(() -> new InetSocketAddress("192.0.2.7", 0)));
        // end
        return options;
    }

    interface Registry {
        Mono<List<InetAddress>> addressesOf(String host);
    }

    static ConnectionOptions hostResolver(Registry registry) {
        // example: host resolver
        ConnectionOptions options = ConnectionOptions.standard()
                .withMaxLife(Duration.ofMinutes(1))
                .withResolver(host -> registry.addressesOf(host));
        // end
        return options;
    }

    static ApiClient http2(VendorSpec acme, String key) {
        // example: http2
        ApiClient client = ApiClient.builder(acme)
                .secret(Secret.of(key))
                .connections(ConnectionOptions.standard().withHttp(HttpVersion.NEGOTIATED))
                .build();
        // end
        return client;
    }

    static Mono<Thing> deadlines(ApiClient client, Function<Thing, Mono<Thing>> store) {
        // example: deadlines
        ApiRequest<Thing> request = ApiRequest.get("things/{id}")
                .path("id", "t-1")
                .deadline(Duration.ofSeconds(5)) // of this call
                .as(Thing.class);
        Mono<Thing> stored =
                client.value(request).flatMap(store).contextWrite(Deadline.in(Duration.ofSeconds(8))); // of all calls
        // end
        return stored;
    }

    static Mono<Thing> errors(ApiClient client, ApiRequest<Thing> order, Mono<Thing> existing) {
        // example: errors
        Mono<Thing> created = client.value(order)
                .onErrorResume(ErrorKind.CONFLICT::matches, e -> existing)
                .onErrorResume(ApiException.class, e -> {
                    Instant again = e.retryAt();
                    return e.safeToRepeat() && again != null
                            ? Mono.delay(Duration.between(Instant.now(), again)).then(client.value(order))
                            : Mono.error(e);
                });
        // end
        return created;
    }

    static Flux<Thing> list(ApiClient client, String token, Function<Page<Thing>, Mono<Void>> store) {
        // example: list
        ApiRequest<Page<Thing>> first =
                ApiRequest.get("things").as(Payload.page(Thing.class, List.of("items"), List.of("next_cursor")));
        Pages<Thing> things = client.pages(first, Paging.cursor("cursor"));

        Flux<Thing> all = things.items();
        Mono<Void> rest = things.resumeFrom(token).concatMap(store).then();
        // end
        return all.mergeWith(rest.then(Mono.empty()));
    }

    static Poll<JsonNode> polling(ApiClient client) {
        // example: polling
        Polling<JsonNode> export = Polling.of(
                        ApiRequest.get("exports/{id}").path("id", "e-7"),
                        JobShape.at("/state", StateWords.succeeding("done").failing("error")))
                .every(Duration.ofSeconds(30))
                .within(Duration.ofHours(2));
        Poll<JsonNode> poll = client.poll(export);
        Mono<JsonNode> result = poll.result();
        // end
        log.info("{}", result);
        return poll;
    }

    static Mono<JsonNode> pendingReport(ApiClient client) {
        // example: pending operation
        LongOperation report = new LongOperation(
                "report",
                "reports/{id}",
                Pending.onStatus(202),
                PollPolicy.every(Duration.ofSeconds(10)),
                Duration.ofMinutes(30));
        Mono<JsonNode> result = client.poll(report.polling("r-7")).result();
        // end
        return result;
    }

    static VendorSpec signing(VendorSpec acme, Function<Call, String> signature) {
        // example: operator of a spec
        VendorSpec signing = acme.withOperator(
                Operator.Position.PER_ATTEMPT, Operator.of("signature of the body and the time", (call, next) -> {
                    call.header("x-signature", signature.apply(call));
                    return next.exchange(call);
                }));
        // end
        return signing;
    }

    static List<Flux<?>> streaming(ApiClient client) {
        // example: streaming
        Flux<Thing> lines = client.stream(ApiRequest.get("things/export").lines(Thing.class));
        Flux<Thing> array = client.stream(ApiRequest.get("things").elementsAt("/items", Thing.class));
        Flux<ServerSentEvent> events = client.events(ApiRequest.get("things/events"));
        // end
        return List.of(lines, array, events);
    }

    static Mono<Download> download(ApiClient client, Path reports) {
        // example: download
        Mono<Download> report = client.download(
                ApiRequest.get("reports/{id}").path("id", 7),
                DownloadTarget.into(reports),
                DownloadOptions.standard().withListener(progress -> log.info("{}", progress)));
        // end
        return report;
    }

    static List<ApiRequest<JsonNode>> uploads(Path path, Object note, Publisher<ByteBuffer> lines) {
        // example: uploads
        ApiRequest<JsonNode> image = ApiRequest.put("images/7").body(Upload.file(path, "image/png"));
        ApiRequest<JsonNode> form = ApiRequest.post("files")
                .body(Upload.form().text("type", "local").file("file", path));
        ApiRequest<JsonNode> json =
                ApiRequest.post("notes").body(Upload.json(note).base64("/attachment/data", path));
        ApiRequest<JsonNode> stream = ApiRequest.post("logs").body(Upload.stream(lines, "text/plain"));
        // end
        return List.of(image, form, json, stream);
    }

    static Mono<Integer> webhook(
            String secret, @Nullable String signature, byte[] body, Function<ThingEvent, Mono<Void>> action) {
        // example: webhook receiver
        WebhookReceiver<ThingEvent> receiver = new WebhookReceiver<>(
                WebhookVerifier.of(SignatureScheme.timestamped("acme-signature"), Secret.of(secret)),
                DuplicateGuard.inMemory(100_000, Duration.ofDays(1)),
                ThingEvent.class,
                ThingEvent::id);
        Mono<Integer> status = receiver.receive(signature, body, action).map(WebhookReceiver.Outcome::status);
        // end
        return status;
    }

    static void simulator() {
        // example: ledger
        try (PentifySimulator simulator = PentifySimulator.start()) {
            simulator.faults().on("POST", "/v1/scans", Fault.resetAfterEffect());
            Pentify pentify = Pentify.over(Pentify.configure()
                    .baseUri(simulator.baseUri())
                    .secret(Secret.of(simulator.secret()))
                    .build());
            NewScan order = NewScan.of("example.com", ScanType.QUICK);

            pentify.createScan(order, order.key("2026-11-20")).block();

            assertThat(simulator.requests().of("POST", "/v1/scans")).hasSize(2);
            assertThat(simulator.effects().count("POST /v1/scans")).isEqualTo(1);
        }
        // end
    }

    static void record(URI server, Secret key, Path cassette) {
        // example: record run
        try (CassetteRecorder recorder = CassetteRecorder.to(cassette, key)) {
            Pentify pentify = Pentify.over(Pentify.configure()
                    .baseUri(server)
                    .secret(key)
                    .aroundTransport(recorder::tap)
                    .build());

            pentify.usage().block();
            pentify.scans().items().collectList().block();
        }
        // end
    }

    static void replay(Path cassette) {
        // example: replay run
        CassettePlayer player = CassettePlayer.of(cassette);
        Pentify pentify = Pentify.over(Pentify.configure()
                .secret(Secret.of("pk_any_key_will_do"))
                .transport(player)
                .build());

        assertThat(pentify.usage().block()).isNotNull();
        assertThat(pentify.scans().items().collectList().block()).isNotNull();
        assertThat(player.unused()).isEmpty();
        // end
    }

    static void assertions(ApiClient client, ApiRequest<Thing> order) {
        // example: assertions
        assertThatThrownBy(() -> client.value(order).block())
                .asInstanceOf(API_EXCEPTION)
                .hasKind(ErrorKind.CONFLICT)
                .hasCertainty(Certainty.REJECTED)
                .journey()
                .hasStatuses(503, 409);
        // end
    }

    static void virtualTime() {
        // example: waits in virtual time
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        ScriptedTransport wire = ScriptedTransport.of(
                ScriptedTransport.answer(429, Headers.of("retry-after", "20"), ""),
                ScriptedTransport.answer(200, "{\"id\":\"t-1\",\"name\":\"lamp\"}"));
        ApiClient client = ApiClient.builder(VendorSpec.generic("acme", URI.create("https://api.example.com/v1/")))
                .transport(wire)
                .scheduler(time)
                .build();
        List<Thing> received = new ArrayList<>();

        client.value(ApiRequest.get("things/t-1").as(Thing.class)).subscribe(received::add);

        time.advanceTimeBy(Duration.ofSeconds(19));
        assertThat(received).isEmpty();
        time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(received).containsExactly(new Thing("t-1", "lamp"));
        // end
    }
}
