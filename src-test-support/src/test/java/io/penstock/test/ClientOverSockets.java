package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.pentify.PentifySimulator;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

/** A client without a vendor's knowledge, against a simulator; afterwards no connection is in use and no buffer lost. */
@ExtendWith(NoBufferLeaks.class)
abstract class ClientOverSockets {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final RetryPolicy FAST =
            RetryPolicy.standard().withBackoff(new Backoff(Duration.ofMillis(10), 2, Duration.ofMillis(50), 0.25));

    final PentifySimulator simulator = PentifySimulator.start();
    private ApiClient client;

    ApiClient client() {
        return client(b -> b);
    }

    ApiClient client(UnaryOperator<ApiClientBuilder> configuration) {
        if (client == null) {
            client = configuration
                    .apply(ApiClient.builder(VendorSpec.generic("api", simulator.baseUri()))
                            .secret(Secret.of(simulator.secret()))
                            .retry(FAST))
                    .build();
        }
        return client;
    }

    static ApiException failureOf(Mono<?> call) {
        ApiException failure = catchThrowableOfType(ApiException.class, () -> call.block(PATIENCE));
        assertThat(failure).as("the call should have failed").isNotNull();
        return failure;
    }

    @AfterEach
    void everyConnectionCameBack() {
        if (client != null) {
            Connections.awaitReturn(client);
            client.closeLater().block(PATIENCE);
        }
        simulator.close();
    }
}
