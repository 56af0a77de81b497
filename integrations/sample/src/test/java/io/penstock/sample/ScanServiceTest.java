package io.penstock.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.penstock.test.Await;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.pentify.PentifySimulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The service against a simulator: its answers, and what it tells of itself without any code for that. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"spring.main.banner-mode=off", "logging.level.root=warn", "logging.level.io.penstock=off"})
class ScanServiceTest {

    private static final PentifySimulator PENTIFY = PentifySimulator.start();
    private static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();

    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    /** Spans that are read back at once. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Spans {
        @Bean
        SpanProcessor processor() {
            return SimpleSpanProcessor.create(SPANS);
        }
    }

    /** Event loops that one service can close while another one runs in this JVM. */
    @TestConfiguration(proxyBeanMethods = false)
    static class OwnLoops {
        @Bean
        ReactorResourceFactory loops() {
            ReactorResourceFactory loops = new ReactorResourceFactory();
            loops.setUseGlobalResources(false);
            return loops;
        }
    }

    @DynamicPropertySource
    static void simulator(DynamicPropertyRegistry registry) {
        registry.add("PENTIFY_KEY", PENTIFY::secret);
        registry.add("penstock.clients.pentify.base-url", PENTIFY::baseUri);
    }

    @AfterAll
    static void stop() {
        PENTIFY.close();
    }

    @BeforeEach
    void forget() {
        SPANS.reset();
    }

    private HttpResponse<String> get(String path, int expected) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(expected);
        return response;
    }

    private void order(String id) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/scans"))
                        .timeout(Duration.ofSeconds(30))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"target\":\"https://shop.example.com\",\"orderId\":\"" + id + "\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    @Test
    void ordersOnceAndStreamsList() throws IOException, InterruptedException {
        PENTIFY.faults().on("POST", "/v1/scans", Fault.resetAfterEffect());

        order("nightly");
        order("nightly");

        assertThat(PENTIFY.effects().count("POST /v1/scans")).isOne();
        assertThat(get("/scans", 200).body()).contains("shop.example.com");
    }

    @Test
    void forecastsQuota() throws IOException, InterruptedException {
        assertThat(get("/outlook", 200).body()).contains("\"waiting\":0", "hundredMoreEndAt");
    }

    @Test
    void tellsHealthAndMetrics() throws IOException, InterruptedException {
        get("/usage", 200);

        assertThat(get("/actuator/health", 200).body()).contains("\"penstock\"", "\"pentify\"", "lastSuccessAt");
        assertThat(get("/actuator/metrics/http.client.requests", 200).body())
                .contains("\"uri\"", "usage", "\"vendor\"", "pentify", "server.address");
        assertThat(get("/actuator/metrics/penstock.client.calls.active", 200).body())
                .contains("\"client\"", "pentify");
    }

    @Test
    void exportsTreeOfCallWithTwoAttempts() throws IOException, InterruptedException {
        PENTIFY.faults().on("GET", "/v1/usage", Fault.status(503));
        int before = PENTIFY.requests().all().size();

        get("/usage", 200);

        Await.until(
                "the span of the server",
                () -> SPANS.getFinishedSpanItems().stream()
                        .anyMatch(span -> span.getName().equals("http get /usage")));
        List<SpanData> spans = SPANS.getFinishedSpanItems();
        SpanData server = only(spans, span -> span.getName().equals("http get /usage"));
        SpanData call = only(spans, span -> span.getName().equals("pentify GET usage"));
        List<SpanData> attempts = spans.stream()
                .filter(span -> span.getName().equals("GET usage"))
                .toList();
        assertThat(call.getParentSpanId()).isEqualTo(server.getSpanId());
        assertThat(attempts)
                .hasSize(2)
                .allSatisfy(attempt -> assertThat(attempt.getParentSpanId()).isEqualTo(call.getSpanId()));
        List<LoggedRequest> sent = PENTIFY.requests().all();
        assertThat(sent.subList(before, sent.size()))
                .extracting(
                        request -> request.headers().get("traceparent").get(0).split("-", -1)[2])
                .containsExactlyElementsOf(
                        attempts.stream().map(SpanData::getSpanId).toList());
    }

    private static SpanData only(List<SpanData> spans, Predicate<SpanData> which) {
        List<SpanData> found = spans.stream().filter(which).toList();
        assertThat(found).as("in %s", spans).hasSize(1);
        return found.get(0);
    }

    @Test
    void answersWithProblemDetails() throws IOException, InterruptedException {
        PENTIFY.faults().on("GET", "/v1/usage", Fault.status(403));

        assertThat(get("/usage", 502).body())
                .contains("\"kind\":\"PERMISSION\"")
                .doesNotContain(PENTIFY.secret());
    }

    @Test
    void endsRequestUnderWayWhenItIsStopped() throws ExecutionException, InterruptedException, TimeoutException {
        ConfigurableApplicationContext second = new SpringApplicationBuilder(ScanService.class, OwnLoops.class)
                .properties(
                        "server.port=0",
                        "spring.main.banner-mode=off",
                        "spring.jmx.enabled=false",
                        "PENTIFY_KEY=" + PENTIFY.secret(),
                        "penstock.clients.pentify.base-url=" + PENTIFY.baseUri())
                .run();
        PENTIFY.faults().on("GET", "/v1/usage", Fault.delay(Duration.ofMillis(500)));
        int before = PENTIFY.requests().all().size();
        String port = second.getEnvironment().getRequiredProperty("local.server.port");

        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/usage"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        Await.until("the request arrives", () -> PENTIFY.requests().all().size() > before);
        second.close();

        assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void fitsOnOnePage() throws IOException {
        Path source = Path.of("src/main/java/io/penstock/sample/ScanService.java");

        assertThat(Files.readAllLines(source)).hasSizeLessThanOrEqualTo(60);
    }
}
