package io.penstock.ixon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.ixon.model.BlobLink;
import io.penstock.test.simulator.ixon.IxonSimulator;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class IxonBlobTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final IxonSimulator simulator = IxonSimulator.start();
    private final ApiClient client = Ixon.configure(simulator.applicationId())
            .baseUri(simulator.baseUri())
            .secret(Secret.of(simulator.secret()))
            .build();
    private final Ixon ixon = Ixon.over(client);

    @AfterEach
    void stop() {
        ixon.close();
        simulator.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://user@store.example/x?sig=y", "ftp://store.example/x?sig=y", "/x?sig=y"})
    void emitsErrorOfWrongAddress(String address) {
        Mono<byte[]> blob = ixon.blob(link(URI.create(address)));

        ApiException failure = catchThrowableOfType(ApiException.class, () -> blob.block(PATIENCE));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(failure.getMessage()).doesNotContain("sig=y");
    }

    @Test
    void reachesEveryStoreThroughItsOnlyClient() {
        try (IxonSimulator other = IxonSimulator.start()) {
            for (URI store : new URI[] {simulator.foreignOrigin(), other.foreignOrigin()}) {
                ApiException refused = catchThrowableOfType(
                        ApiException.class,
                        () -> ixon.blob(link(store.resolve("/x?sig=y"))).block(PATIENCE));
                assertThat(refused.status()).isEqualTo(403);
            }
            assertThat(simulator.foreignRequests().count()).isEqualTo(1);
            assertThat(other.foreignRequests().count()).isEqualTo(1);
            assertThat(client.inspect().connections()).hasSize(2);
        }
    }

    private static BlobLink link(URI url) {
        return new BlobLink(url, "other", Map.of());
    }
}
