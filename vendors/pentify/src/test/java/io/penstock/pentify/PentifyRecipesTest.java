package io.penstock.pentify;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.download.Download;
import io.penstock.paging.Pages;
import io.penstock.pentify.model.EventType;
import io.penstock.pentify.model.NewScan;
import io.penstock.pentify.model.PentifyEvent;
import io.penstock.pentify.model.Scan;
import io.penstock.pentify.model.ScanType;
import io.penstock.pentify.model.Webhook;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.pentify.PentifyRules;
import io.penstock.webhook.WebhookReceiver;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** The recipes of {@code docs/vendors/pentify.md} against the simulator. */
class PentifyRecipesTest extends PentifyTest {

    @Test
    void startsScanWaitsAndDownloadsReport(@TempDir Path directory) {
        simulator.scansTake(JobCourse.starting("succeeded"));
        Path file = directory.resolve("report.pdf");
        // guide: report
        NewScan order = NewScan.of("example.com", ScanType.STANDARD);
        Mono<Download> report = pentify.createScan(order, order.key("release-42"))
                .flatMap(scan -> pentify.watchScan(scan.id()).result())
                .flatMap(scan -> pentify.reportPdf(scan.id(), file));
        // guide: end

        assertThat(report.block(PATIENCE).bytes()).isPositive();
        pentify.createScan(order, order.key("release-42")).block(PATIENCE);
        assertThat(simulator.effects().count("POST /v1/scans")).isEqualTo(1);
    }

    @Test
    void fetchesReportWhenWebhookReportsScan() {
        simulator.scansTake(JobCourse.starting("succeeded"));
        String scan = pentify.createScan(NewScan.of("example.com", ScanType.QUICK))
                .block(PATIENCE)
                .id();
        List<String> reports = new ArrayList<>();
        AtomicReference<WebhookEndpoint<PentifyEvent>> handler = new AtomicReference<>();
        DisposableServer endpoint = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.post(
                        "/hook", (request, response) -> handler.get().handle(request, response)))
                .bindNow();
        try {
            URI address = URI.create("http://127.0.0.1:" + endpoint.port() + "/hook");
            Webhook webhook = pentify.createWebhook(address, List.of(EventType.SCAN_COMPLETED))
                    .block(PATIENCE);
            // guide: webhook
            WebhookReceiver<PentifyEvent> receiver = PentifyWebhooks.receiver(webhook.secret());
            Function<PentifyEvent, Mono<Void>> action = event -> event instanceof PentifyEvent.OfScan done
                    ? pentify.report(done.scanId())
                            .doOnNext(report -> reports.add(report.toString()))
                            .then()
                    : Mono.empty();
            // guide: end
            handler.set(new WebhookEndpoint<>(receiver, action));
            String data = "{\"scan_id\":\"" + scan + "\",\"status\":\"succeeded\"}";

            for (int delivery = 0; delivery < 2; delivery++) {
                assertThat(simulator
                                .deliver(webhook.id(), "evt_1", "scan.completed", data)
                                .block(PATIENCE))
                        .isEqualTo(204);
            }

            assertThat(reports).hasSize(1);
        } finally {
            endpoint.disposeNow();
        }
    }

    @Test
    void continuesExportOfScansWhereItBroke() {
        restart(PentifyRules.documented().withListCursor(true).withListLimit(2));
        for (int i = 0; i < 5; i++) {
            pentify.createScan(NewScan.of("t" + i + ".example", ScanType.QUICK)).block(PATIENCE);
        }
        List<String> stored = new ArrayList<>();
        AtomicReference<String> token = new AtomicReference<>();
        Function<List<Scan>, Mono<Void>> store =
                scans -> Mono.fromRunnable(() -> scans.forEach(scan -> stored.add(scan.id())));
        Function<String, Mono<Void>> remember = next -> Mono.fromRunnable(() -> token.set(next));
        simulator.faults().on("GET", "/v1/scans", Fault.delay(Duration.ZERO), Fault.status(400));
        // guide: export
        Pages<Scan> scans = pentify.scans();
        Pages<Scan> rest = token.get() == null ? scans : scans.resumeFrom(token.get());
        Mono<Void> export = rest.concatMap(page -> store.apply(page.items())
                        .then(Mono.justOrEmpty(page.resumeToken()).flatMap(remember)))
                .then();
        // guide: end

        failureOf(export);
        scans.resumeFrom(token.get())
                .concatMap(page -> store.apply(page.items()))
                .blockLast(PATIENCE);
        assertThat(stored).hasSize(5).doesNotHaveDuplicates();
    }
}
