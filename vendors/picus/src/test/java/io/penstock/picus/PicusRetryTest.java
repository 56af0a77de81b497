package io.penstock.picus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.picus.PicusSimulator;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Number of sends to Picus by answer, counted by the server. */
class PicusRetryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Backoff FAST = new Backoff(Duration.ofMillis(10), 2, Duration.ofMillis(40), 0.25);
    private static final int ALWAYS = 6;
    private static final String PATH = "/v1/templates";

    private final PicusSimulator simulator = PicusSimulator.start();
    private final ApiClient client = client(simulator.baseUri());

    @AfterEach
    void stop() {
        client.closeLater().block(PATIENCE);
        simulator.close();
    }

    private ApiClient client(URI base) {
        return Picus.configure()
                .baseUri(base)
                .secret(Secret.of(simulator.secret()))
                .retry(PicusVendor.SPEC.retry().withBackoff(FAST).withBudgetShare(1))
                // The gate's pause after a refusal is not under test.
                .withoutGate()
                .build();
    }

    private static ApiRequest<JsonNode> request(String what) {
        return switch (what) {
            case "POST, a read" -> bare(Method.POST).idempotent();
            default -> bare(Method.valueOf(what));
        };
    }

    private static ApiRequest<JsonNode> bare(Method method) {
        ApiRequest<JsonNode> request = ApiRequest.of(method, PATH);
        return method == Method.GET ? request : request.body(Map.of("name", "x"));
    }

    private static ApiException failureOf(ApiClient client, ApiRequest<?> request) {
        return catchThrowableOfType(
                ApiException.class, () -> client.execute(request).block(PATIENCE));
    }

    @ParameterizedTest(name = "{0} after {1}, hint {2}: {3}")
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
            GET    | 408 | - | 4
            GET    | 425 | - | 1
            GET    | 429 | 0 | 4
            GET    | 500 | - | 4
            GET    | 502 | - | 4
            GET    | 503 | - | 4
            GET    | 504 | - | 4
            GET    | 507 | - | 1
            POST, a read | 408 | - | 4
            POST, a read | 500 | - | 4
            PUT    | 408 | - | 1
            PUT    | 429 | 0 | 4
            PUT    | 500 | - | 1
            PUT    | 502 | - | 1
            PUT    | 503 | - | 4
            PUT    | 504 | - | 4
            DELETE | 408 | - | 1
            DELETE | 429 | 0 | 4
            DELETE | 500 | - | 1
            DELETE | 502 | - | 1
            DELETE | 503 | - | 4
            DELETE | 504 | - | 4
            POST   | 429 | 0 | 4
            POST   | 500 | 0 | 1
            POST   | 503 | 0 | 1
            POST   | 425 | 0 | 1
            """)
    void retriesEachStatusAsDocumented(String what, int status, @Nullable String hint, int sends) {
        Fault[] always = new Fault[ALWAYS];
        Map<String, String> headers = hint == null ? Map.of() : Map.of("Retry-After", hint);
        Arrays.fill(always, Fault.status(status, headers, "application/json", "{}"));
        ApiRequest<?> request = request(what);
        simulator.faults().on(request.method().name(), PATH, always);

        ApiException failure = failureOf(client, request);

        assertThat(failure.status()).isEqualTo(status);
        assertThat(simulator.requests().of(request.method().name(), PATH)).hasSize(sends);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            GET    | 4
            POST, a read | 4
            PUT    | 4
            DELETE | 4
            POST   | 1
            """)
    void retriesLostConnectionAsDocumented(String what, int sends) {
        Fault[] always = new Fault[ALWAYS];
        Arrays.fill(always, Fault.resetBeforeRequestActs());
        ApiRequest<?> request = request(what);
        simulator.faults().on(request.method().name(), PATH, always);

        ApiException failure = failureOf(client, request);

        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(simulator.requests().of(request.method().name(), PATH)).hasSize(sends);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            GET    | 4
            POST   | 4
            """)
    void retriesRefusedConnectionAsDocumented(String what, int attempts) {
        ApiClient nobody = client(URI.create("http://127.0.0.1:1"));

        ApiException failure = failureOf(nobody, request(what).anonymous());

        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(failure.journey().attempts()).hasSize(attempts);
        nobody.closeLater().block(PATIENCE);
    }
}
