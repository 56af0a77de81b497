package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import io.penstock.http.Method;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The failure table over real sockets: each row is a fault of the wire and the failure of the call. A
 * request may be sent twice, so that it shows whether it is. After every row no connection is in use and nothing waits
 * for one; after every table no buffer is lost.
 */
@ExtendWith(NoBufferLeaks.class)
abstract class FailureTable {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Duration LONG = Duration.ofSeconds(20);
    static final RetryPolicy TWICE = RetryPolicy.standard()
            .withMaxAttempts(2)
            .withBackoff(new Backoff(Duration.ofMillis(5), 1, Duration.ofMillis(5), 0));

    private final List<ApiClient> clients = new ArrayList<>();
    private final List<RawServer> servers = new ArrayList<>();

    /**
     * What a row tells.
     *
     * @param gets how often a GET reaches the server
     * @param posts how often a POST without an idempotency key reaches the server
     */
    record Told(
            ErrorKind kind,
            @Nullable Phase phase,
            Certainty certainty,
            Retryability retryability,
            String message,
            int gets,
            int posts) {

        int sends(Method method) {
            return method == Method.GET ? gets : posts;
        }
    }

    /** A way to go wrong, with what it tells. */
    record Row(String name, RawServer.Script script, UnaryOperator<ApiClientBuilder> configuration, Told told) {

        static Row of(String name, RawServer.Script script, Told told) {
            return new Row(name, script, b -> b, told);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    RawServer server(RawServer.Script script) {
        RawServer server = RawServer.start(script);
        servers.add(server);
        return server;
    }

    RawServer watched(RawServer server) {
        servers.add(server);
        return server;
    }

    ApiClient client(RawServer server) {
        return client("http://" + server.authority(), b -> b);
    }

    /**
     * A client of that address which sends at most twice, and whose connections are looked after. It has no gate: one
     * lets a second request to a server that has never answered wait for a second.
     */
    ApiClient client(String baseUri, UnaryOperator<ApiClientBuilder> configuration) {
        ApiClient client = configuration
                .apply(ApiClient.builder(
                                VendorSpec.generic("api", URI.create(baseUri)).withAttemptTimeout(LONG))
                        .withoutGate()
                        .retry(TWICE))
                .build();
        clients.add(client);
        return client;
    }

    static ApiRequest<JsonNode> request(Method method) {
        ApiRequest<JsonNode> request = ApiRequest.of(method, "things");
        return method == Method.POST ? request.body(Map.of("name", "one")) : request;
    }

    static ApiException failureOf(Mono<?> call) {
        ApiException failure = catchThrowableOfType(ApiException.class, () -> call.block(PATIENCE));
        assertThat(failure).as("the call should have failed").isNotNull();
        return failure;
    }

    void assertRow(Row row, Method method) {
        RawServer server = server(row.script());
        ApiClient client = client("http://" + server.authority(), row.configuration());

        ApiException failure = failureOf(client.value(request(method)));

        assertTold(failure, row.told());
        // Of a request that was given up the server may learn a little later than the caller of the failure.
        Eventually.until(() -> server.requests() >= row.told().sends(method));
        assertThat(server.requests())
                .as("requests at the server")
                .isEqualTo(row.told().sends(method));
        assertThat(failure.journey().attempts())
                .hasSize(row.told().sends(method))
                .allSatisfy(attempt -> assertThat(attempt.failure().certainty())
                        .isEqualTo(row.told().certainty()));
    }

    static void assertTold(ApiException failure, Told told) {
        assertThatObject(failure.kind()).as("%s", failure).isEqualTo(told.kind());
        assertThat(failure.phase()).as("phase of %s", failure).isEqualTo(told.phase());
        assertThat(failure.certainty()).as("certainty of %s", failure).isEqualTo(told.certainty());
        assertThat(failure.retryability()).as("%s", failure).isEqualTo(told.retryability());
        assertThat(failure).hasMessageContaining(told.message());
    }

    @AfterEach
    void everyConnectionCameBack() throws IOException {
        try {
            for (ApiClient client : clients) {
                Connections.awaitReturn(client);
                client.closeLater().block(PATIENCE);
            }
        } finally {
            for (RawServer server : servers) {
                server.close();
            }
        }
    }
}
