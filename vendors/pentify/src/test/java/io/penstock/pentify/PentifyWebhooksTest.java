package io.penstock.pentify;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.penstock.ApiClient;
import io.penstock.http.Secret;
import io.penstock.pentify.model.EventType;
import io.penstock.pentify.model.PentifyEvent;
import io.penstock.pentify.model.ScanStatus;
import io.penstock.pentify.model.Webhook;
import io.penstock.test.simulator.pentify.PentifySimulator;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/** Events from the simulator to the endpoint that users copy, over real sockets. */
class PentifyWebhooksTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String COMPLETED = """
            {"scan_id":"scn_01","target":"example.com","status":"succeeded","findings_count":12,
             "report_url":"https://api.pentify.io/v1/scans/scn_01/report"}""";

    private final PentifySimulator simulator = PentifySimulator.start();
    private final List<PentifyEvent> heard = new CopyOnWriteArrayList<>();
    private final AtomicBoolean broken = new AtomicBoolean();
    private volatile Mono<Void> database = Mono.empty();
    private Pentify pentify;
    private DisposableServer endpoint;
    private Webhook webhook;

    @BeforeEach
    void subscribe() {
        pentify = Pentify.over(ApiClient.builder(new PentifyVendor().spec())
                .baseUri(simulator.baseUri())
                .secret(Secret.of(simulator.secret()))
                .build());
        // The endpoint's port is known before the secret is, so the handler is looked up when an event comes.
        AtomicReference<WebhookEndpoint<?>> handler = new AtomicReference<>();
        endpoint = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.post(
                        "/hook", (request, response) -> handler.get().handle(request, response)))
                .bindNow();
        webhook = pentify.createWebhook(
                        URI.create("http://127.0.0.1:" + endpoint.port() + "/hook"), List.of(EventType.SCAN_COMPLETED))
                .block(PATIENCE);
        handler.set(new WebhookEndpoint<>(
                PentifyWebhooks.receiver(webhook.secret()),
                event -> broken.get()
                        ? Mono.error(new IllegalStateException("database gone"))
                        : database.then(Mono.fromRunnable(() -> heard.add(event)))));
    }

    @AfterEach
    void close() {
        pentify.close();
        endpoint.disposeNow();
        simulator.close();
    }

    private int deliver(String eventId, String type, String data) {
        return simulator.deliver(webhook.id(), eventId, type, data).block(PATIENCE);
    }

    @Test
    void receivesSignedEventTyped() {
        assertThat(deliver("evt_01", "scan.completed", COMPLETED)).isEqualTo(204);

        assertThat(heard).hasSize(1);
        PentifyEvent.OfScan event = (PentifyEvent.OfScan) heard.get(0);
        assertThat(event.id()).isEqualTo("evt_01");
        assertThat(event.type()).isEqualTo(EventType.SCAN_COMPLETED);
        assertThat(event.createdAt()).isNotNull();
        assertThat(event.scanId()).isEqualTo("scn_01");
        assertThat(event.target()).isEqualTo("example.com");
        assertThat(event.status()).isEqualTo(ScanStatus.SUCCEEDED);
        assertThat(event.findingsCount()).isEqualTo(12);
        assertThat(event.reportUrl()).endsWith("/scn_01/report");
        assertThat(event.reason()).isNull();
    }

    @Test
    void receivesReasonOfFailedScanAndUnknownEvents() {
        deliver("evt_01", "scan.failed", "{\"scan_id\":\"scn_02\",\"reason\":\"unreachable\"}");
        deliver("evt_02", "target.verified", "{\"target\":\"example.com\"}");
        deliver("evt_03", "workspace.renamed", "{\"name\":\"blue\"}");

        assertThat(((PentifyEvent.OfScan) heard.get(0)).reason()).isEqualTo("unreachable");
        assertThat(heard.get(1)).isInstanceOf(PentifyEvent.TargetVerified.class);
        assertThat(heard.get(2)).isInstanceOf(PentifyEvent.Other.class);
        assertThat(heard.get(2).type()).isEqualTo(EventType.of("workspace.renamed"));
        assertThat(heard.get(2).data().path("name").stringValue()).isEqualTo("blue");
    }

    @Test
    void handlesRedeliveredEventOnce() {
        assertThat(deliver("evt_01", "scan.completed", COMPLETED)).isEqualTo(204);
        assertThat(deliver("evt_01", "scan.completed", COMPLETED)).isEqualTo(204);
        assertThat(deliver("evt_02", "scan.completed", COMPLETED)).isEqualTo(204);

        assertThat(heard).extracting(PentifyEvent::id).containsExactly("evt_01", "evt_02");
    }

    @Test
    void handlesEventAgainAfterFailedAction() {
        broken.set(true);
        assertThat(deliver("evt_01", "scan.completed", COMPLETED)).isEqualTo(500);
        broken.set(false);
        assertThat(deliver("evt_01", "scan.completed", COMPLETED)).isEqualTo(204);

        assertThat(heard).hasSize(1);
    }

    @Test
    void requestsRedeliveryOfEventInProgressWithoutLosingIt() {
        Sinks.Empty<Void> failing = Sinks.empty();
        Sinks.Empty<Void> begun = Sinks.empty();
        database = Mono.<Void>fromRunnable(begun::tryEmitEmpty).then(failing.asMono());
        Mono<Integer> first = simulator
                .deliver(webhook.id(), "evt_01", "scan.completed", COMPLETED)
                .cache();
        first.subscribe();
        begun.asMono().block(PATIENCE);

        assertThat(deliver("evt_01", "scan.completed", COMPLETED)).isEqualTo(503);
        failing.tryEmitError(new IllegalStateException("database gone"));
        assertThat(first.block(PATIENCE)).isEqualTo(500);
        database = Mono.empty();
        assertThat(deliver("evt_01", "scan.completed", COMPLETED)).isEqualTo(204);
        assertThat(heard).hasSize(1);
    }

    @Test
    void rejectsUnsignedAndOversizedRequests() {
        assertThat(post("{}", null)).isEqualTo(401);
        assertThat(post("{}", "t=1,v1=" + "00".repeat(32))).isEqualTo(401);
        assertThat(post("{}", "nonsense")).isEqualTo(400);
        assertThat(post("x".repeat(300_000), "t=1,v1=00")).isEqualTo(413);
        assertThat(deliver("evt_01", "scan.completed", "not json")).isEqualTo(400);
        assertThat(heard).isEmpty();
    }

    private int post(String body, String signature) {
        return HttpClient.newConnection()
                .headers(headers -> {
                    if (signature != null) {
                        headers.set("pentify-signature", signature);
                    }
                })
                .post()
                .uri("http://127.0.0.1:" + endpoint.port() + "/hook")
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body.getBytes(StandardCharsets.UTF_8))))
                .response()
                .map(response -> response.status().code())
                .block(PATIENCE);
    }
}
