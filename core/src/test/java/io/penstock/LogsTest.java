package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import io.penstock.StubTransport.Answer;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.logging.LogPolicy;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;

/** The entries of the log, their levels, and the secrets that are never logged. */
class LogsTest {

    private static final String SECRET = "pk_live_0123456789abcdef";
    private static final VendorSpec LOUD = VendorSpec.generic("loud", URI.create("https://api.example.com/v1/"));

    private final Lab lab = new Lab();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.penstock");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(false);
        logger.addAppender(log);
    }

    @AfterEach
    void restore() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    private String text() {
        synchronized (log) { // as doAppend() does
            return log.list.stream()
                    .map(e -> e.getLevel() + " " + e.getLoggerName() + " - " + e.getFormattedMessage() + "\n")
                    .collect(Collectors.joining());
        }
    }

    private ApiClientBuilder client(Function<Integer, Answer> answers) {
        return lab.client(LOUD, new StubTransport(answers)).secret(Secret.of(SECRET));
    }

    private static Function<Integer, Answer> always(int status, String body) {
        return n -> Answer.of(status, body);
    }

    private String callEntries() {
        StringBuilder entries = new StringBuilder();
        text().lines()
                .filter(line -> line.contains("io.penstock.call.loud"))
                .forEach(line -> entries.append(line).append('\n'));
        return entries.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  200, DEBUG",
        "GET,  404, INFO",
        "POST, 422, INFO",
        "GET,  401, INFO",
        "GET,  402, WARN",
        "GET,  500, WARN",
        "POST, 429, WARN",
        "POST, 500, ERROR",
    })
    void choosesLevelByOutcome(Method method, int status, String level) {
        Mono<?> call = client(always(status, "{}"))
                .build()
                .value(ApiRequest.of(method, "scans").query("q", "find-me"));

        call.onErrorComplete().subscribe();
        lab.time.advanceTimeBy(Duration.ofMinutes(5));

        assertThat(callEntries()).contains(level + " io.penstock.call.loud - " + method + " /v1/scans");
        assertThat(callEntries().lines()).hasSize(1);
        assertThat(text()).doesNotContain(SECRET).doesNotContain("find-me");
    }

    @Test
    void logsTimelineOfSuccessAfterRetries() {
        lab.value(client(n -> Answer.of(n < 3 ? 503 : 200, "{}")).build().value(ApiRequest.get("scans")));

        assertThat(callEntries()).contains("INFO io.penstock.call.loud - GET /v1/scans  3 attempts");
        assertThat(text()).contains("  #2 ").contains("UNAVAILABLE").contains("idempotent; backoff");
    }

    private Map<String, Object> keysOfCallEntry() {
        List<ILoggingEvent> entries = log.list.stream()
                .filter(entry -> entry.getLoggerName().equals("io.penstock.call.loud"))
                .toList();
        assertThat(entries).hasSize(1);
        return entries.get(0).getKeyValuePairs().stream()
                .collect(Collectors.toMap(pair -> pair.key, pair -> pair.value));
    }

    @Test
    void writesKeysAndValuesBesideText() {
        lab.value(client(n -> Answer.of(n < 3 ? 503 : 200, "{}"))
                .build()
                .value(ApiRequest.get("scans/{id}").path("id", "s-42").query("q", "find-me")));

        assertThat(keysOfCallEntry())
                .containsOnly(
                        Map.entry("vendor", "loud"),
                        Map.entry("method", "GET"),
                        Map.entry("template", "scans/{id}"),
                        Map.entry("status", 200),
                        Map.entry("attempts", 3),
                        Map.entry("wait", 2_000L));
        assertThat(callEntries()).contains("GET /v1/scans/s-42  3 attempts").doesNotContain("template");
    }

    @Test
    void writesKindCertaintyAndRequestIdOfFailure() {
        Headers headers = Headers.of("content-type", "application/json", "x-request-id", "r-1");
        lab.failure(client(n -> new Answer(409, "{}", headers)).build().value(ApiRequest.post("scans")));

        assertThat(keysOfCallEntry())
                .containsEntry("status", 409)
                .containsEntry("kind", "CONFLICT")
                .containsEntry("certainty", "REJECTED");
    }

    @Test
    void writesKeysOfCancelledCall() {
        client(n -> Answer.of(0, ""))
                .build()
                .value(ApiRequest.get("scans"))
                .subscribe()
                .dispose();

        assertThat(keysOfCallEntry())
                .containsEntry("kind", "CANCELLED")
                .containsEntry("certainty", "MAYBE_PROCESSED")
                .containsEntry("attempts", 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"]", "oops"})
    void endsStreamWhenLogThrows(String end) {
        Appender<ILoggingEvent> full = new ListAppender<>() {
            @Override
            public synchronized void doAppend(ILoggingEvent event) {
                throw new IllegalStateException("disk full");
            }
        };
        Sinks.Many<String> body = Sinks.many().unicast().onBackpressureBuffer();
        body.tryEmitNext("[{}");
        ApiClient client = lab.client(LOUD, StubTransport.always(200, ""))
                .transport(new DrippingTransport(Headers.of("content-type", "application/json"), call -> body.asFlux()))
                .build();
        List<String> heard = new ArrayList<>();
        client.stream(ApiRequest.get("scans").elements(JsonNode.class))
                .subscribe(element -> heard.add("element"), error -> heard.add("error"), () -> heard.add("complete"));

        logger.addAppender(full);
        try {
            assertThatThrownBy(() -> {
                        body.tryEmitNext(end);
                        body.tryEmitComplete();
                    })
                    .hasStackTraceContaining("disk full");
        } finally {
            logger.detachAppender(full);
        }

        assertThat(heard).containsExactly("element", end.equals("]") ? "complete" : "error");
    }

    @Test
    void logsCancelOnce() {
        var call = client(always(0, "")).build().value(ApiRequest.post("scans")).subscribe();

        call.dispose();
        call.dispose();

        assertThat(callEntries().lines()).hasSize(1);
        assertThat(callEntries()).contains("DEBUG io.penstock.call.loud - cancelled, MAYBE_PROCESSED: POST /v1/scans");
    }

    @Test
    void logsNoCancelAfterAnswer() {
        client(always(200, "{}"))
                .build()
                .value(ApiRequest.get("scans"))
                .flux()
                .take(1)
                .blockLast();

        assertThat(callEntries()).doesNotContain("cancelled").contains("→ 200");
    }

    @Test
    void showsOnlyAllowedPartsOfRequestsAndAnswers() {
        ApiClient client = client(always(200, "{\"token\":\"t0p\",\"n\":1}"))
                .header("X-Tenant", "blue-tenant")
                .build();

        lab.value(client.value(ApiRequest.post("scans")
                .query("page", 3)
                .query("signature", "s1gn3d")
                .body("{\"a\":1}")
                .idempotent()));

        assertThat(text())
                .contains("> #1 POST https://api.example.com/v1/scans?page=****&signature=****")
                .contains("authorization: ****")
                .containsIgnoringCase("X-Tenant: ****")
                .contains("accept: application/json")
                .contains("< #1 200")
                .contains("content-type: application/json")
                .contains("bytes of body)")
                .doesNotContain("t0p")
                .doesNotContain("blue-tenant")
                .doesNotContain("s1gn3d")
                .doesNotContain(SECRET);
    }

    @Test
    void showsRequestedPartsWithinBoundsWithoutSecrets() {
        String body = "{\"token\":\"t0p\",\"echo\":\"" + SECRET + "\",\"n\":\"" + "x".repeat(500) + "\"}";
        ApiClient client = client(always(200, body))
                .logs(LogPolicy.standard()
                        .withHeaders("X-Tenant", "Authorization")
                        .withQueryParameters("page")
                        .withBodies(100))
                .header("X-Tenant", "blue-tenant")
                .build();

        lab.value(client.value(ApiRequest.get("scans").query("page", 3)));

        assertThat(text())
                .contains("?page=3")
                .containsIgnoringCase("x-tenant: blue-tenant")
                .contains("authorization: Bearer ****")
                .contains("\"token\":\"****\"")
                .doesNotContain("x".repeat(100))
                .doesNotContain("t0p")
                .doesNotContain(SECRET);
    }

    @Test
    void masksCredentialInQueryAndPathOfRequest() {
        ApiClient client = client(always(200, "{}"))
                .logs(LogPolicy.standard().withQueryParameters("page"))
                .build();

        lab.value(client.value(
                ApiRequest.get("keys/{id}/scans").path("id", SECRET).query("page", "3-" + SECRET)));
        lab.value(client.value(ApiRequest.get("scans").query(SECRET, 1)));
        lab.value(client.value(ApiRequest.at(URI.create("https://store.example.com/x?signature-without-name"))));

        assertThat(text().lines().filter(line -> line.contains("io.penstock.wire.loud - >")))
                .hasSize(3)
                .noneMatch(line -> line.contains(SECRET))
                .anyMatch(line -> line.endsWith("https://store.example.com/x?****"))
                .anyMatch(line -> line.endsWith("https://api.example.com/v1/keys/****/scans?page=3-****"))
                .anyMatch(line -> line.endsWith("https://api.example.com/v1/scans?****=****"));
    }

    @Test
    void writesNothingWhenLevelIsOff() {
        VendorSpec silent = VendorSpec.generic("silent", URI.create("https://api.example.com/v1/"));

        for (Level level : List.of(Level.DEBUG, Level.OFF)) {
            log.list.clear();
            logger.setLevel(level);
            lab.value(
                    lab.client(silent, StubTransport.always(200, "{}")).build().value(ApiRequest.get("scans")));
            lab.failure(
                    lab.client(silent, StubTransport.always(500, "{}")).build().value(ApiRequest.post("scans")));

            assertThat(text().contains("io.penstock.call.silent"))
                    .as("entries at " + level)
                    .isEqualTo(level == Level.DEBUG);
        }
        assertThat(log.list).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2049})
    void refusesBodySizeOutOfRange(int bytes) {
        assertThatThrownBy(() -> LogPolicy.standard().withBodies(bytes))
                .hasMessage("bodyBytes: " + bytes + " (expected: 0 to 2048)");
    }
}
