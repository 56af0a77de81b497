package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.retry.Backoff;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.Simulator;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The retry matrix of a vendor: the number of sends by request and answer, counted by the vendor's simulator. A vendor's
 * test extends this class and gives the table in {@link #matrix()}. Each row is one test with a simulator of its own,
 * which answers all attempts alike.
 *
 * <p>It needs JUnit and AssertJ.
 *
 * @param <S> the vendor's simulator
 */
public abstract class RetryConformance<S extends Simulator> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Backoff FAST = new Backoff(Duration.ofMillis(10), 2, Duration.ofMillis(40), 0.25);
    /** More than any vendor's policy sends. */
    private static final int ALWAYS = 6;

    private final VendorSpec spec;
    private final String path;
    private final Supplier<S> simulators;
    private final Function<S, ApiClientBuilder> clients;

    /**
     * Creates the test. For subclasses.
     *
     * @param spec the vendor's spec, whose retry policy is under test
     * @param path the path of all requests
     * @param simulators a factory that starts a fresh simulator
     * @param clients the vendor's client of a simulator; address, secret and retries are set afterwards
     */
    protected RetryConformance(
            VendorSpec spec, String path, Supplier<S> simulators, Function<S, ApiClientBuilder> clients) {
        this.spec = spec;
        this.path = path;
        this.simulators = simulators;
        this.clients = clients;
    }

    /**
     * Returns the table as lines with four cells, below a line of titles:
     *
     * <pre>
     * request         | answer  | Retry-After | sends
     * GET             | 503     | -           | 5
     * POST keyed      | 503     | 0           | 5
     * POST            | lost    | -           | 1
     * POST            | refused | -           | 5
     * </pre>
     *
     * A request is a method, and {@code keyed} if it has an idempotency key or {@code idempotent} if it is declared so.
     * An answer is a status, {@code lost} if the connection is reset after the request has arrived, or {@code refused}
     * if nothing listens at the address.
     */
    protected abstract String matrix();

    private record Row(String request, String answer, String retryAfter, int sends) {
        static Row of(String line) {
            String[] cells = line.split("\\|", -1);
            if (cells.length != 4) {
                throw new IllegalArgumentException(
                        "row: " + line + " (expected: request | answer | Retry-After | sends)");
            }
            return new Row(cells[0].strip(), cells[1].strip(), cells[2].strip(), Integer.parseInt(cells[3].strip()));
        }

        Fault fault() {
            if (answer.equals("lost")) {
                return Fault.resetBeforeRequestActs();
            }
            Map<String, String> headers = retryAfter.equals("-") ? Map.of() : Map.of("Retry-After", retryAfter);
            return Fault.status(Integer.parseInt(answer), headers, "application/json", "{}");
        }
    }

    @TestFactory
    final Stream<DynamicTest> sendsAsOftenAsDocumented() {
        List<Row> rows = matrix().lines().skip(1).map(Row::of).toList();
        assertThat(rows).as("rows of the matrix").isNotEmpty();
        return rows.stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.request() + " after " + row.answer() + ", hint " + row.retryAfter() + ": " + row.sends(),
                        () -> check(row)));
    }

    private void check(Row row) {
        S simulator = simulators.get();
        boolean isRefused = row.answer().equals("refused");
        ApiClient client = clients.apply(simulator)
                .baseUri(isRefused ? URI.create("http://127.0.0.1:1") : simulator.baseUri())
                .secret(Secret.of(simulator.secret()))
                .retry(spec.retry().withBackoff(FAST).withBudgetShare(1))
                // The gate's pause after a refusal is not under test.
                .withoutGate()
                .build();
        try {
            if (isRefused) {
                ApiException failure = failureOf(client, request(row.request()).anonymous());
                assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
                assertThat(failure.journey().attempts()).hasSize(row.sends());
            } else {
                checkSends(row, simulator, client);
            }
        } finally {
            client.closeLater().block(PATIENCE);
            simulator.close();
        }
    }

    private void checkSends(Row row, S simulator, ApiClient client) {
        ApiRequest<?> request = request(row.request());
        String method = request.method().name();
        String resolved = request.resolve(client.baseUri()).getRawPath();
        Fault[] always = new Fault[ALWAYS];
        Arrays.fill(always, row.fault());
        simulator.faults().on(method, resolved, always);

        ApiException failure = failureOf(client, request);

        if (row.answer().equals("lost")) {
            assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        } else {
            assertThat(failure.status()).isEqualTo(Integer.parseInt(row.answer()));
        }
        assertThat(simulator.requests().of(method, resolved)).hasSize(row.sends());
    }

    private ApiRequest<?> request(String words) {
        String[] word = words.split(" ", -1);
        Method method = Method.valueOf(word[0]);
        ApiRequest<?> bare = ApiRequest.of(method, path);
        ApiRequest<?> request = method == Method.GET ? bare : bare.body(Map.of("name", "x"));
        if (word.length == 1) {
            return request;
        }
        return switch (word[1]) {
            case "keyed" -> request.idempotencyKey(IdempotencyKey.of("one"));
            case "idempotent" -> request.idempotent();
            default -> throw new IllegalArgumentException("request: " + words + " (expected: keyed or idempotent)");
        };
    }

    private static ApiException failureOf(ApiClient client, ApiRequest<?> request) {
        Throwable failure = catchThrowable(() -> client.execute(request).block(PATIENCE));
        assertThat(failure).isInstanceOf(ApiException.class);
        return (ApiException) failure;
    }
}
