package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.request.KeyPlacement;
import io.penstock.request.RetryClass;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** Idempotency keys: their source, their placement and their lifetime. One key has one effect. */
@Tag("slow")
class IdempotentOrdersTest {

    private static final KeyPlacement HEADER = KeyPlacement.header("idempotency-key");
    private static final ApiRequest<JsonNode> ORDER = ApiRequest.post("orders");

    private final Lab lab = new Lab();
    private final StubTransport wire = new StubTransport(n -> Answer.of(n % 3 == 0 ? 201 : 500, "{}"));

    private ApiClient client(KeyPlacement placement) {
        return lab.client(Lab.SPEC.withKeyPlacement(placement), wire).build();
    }

    private Set<String> keysSent() {
        Set<String> keys = new HashSet<>();
        wire.sent.forEach(s -> keys.add(s.header("idempotency-key")));
        return keys;
    }

    @Test
    void sendsOneGeneratedKeyWithAllAttemptsAndSubscriptions() {
        Mono<JsonNode> order = client(HEADER).value(ORDER.withNewIdempotencyKey());

        lab.value(order);
        lab.value(order);

        assertThat(wire.sent).hasSize(6);
        assertThat(keysSent()).hasSize(1);
    }

    @Test
    void generatesNewKeyForFreshRequest() {
        ApiRequest<JsonNode> order = ORDER.idempotencyKey(IdempotencyKey.of("mine"));

        assertThat(order.withNewIdempotencyKey().key()).isNotEqualTo(order.key());
        assertThat(order.withNewIdempotencyKey().key())
                .isNotEqualTo(order.withNewIdempotencyKey().key());
        assertThat(order.key()).hasToString("mine");
        assertThat(ORDER.withNewIdempotencyKey().retryClass()).isEqualTo(RetryClass.KEYED);
    }

    @Test
    void generatesMillionDistinctKeys() {
        Predicate<String> form = Pattern.compile("[0-9a-z]{32}").asMatchPredicate();
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 1_000_000; i++) {
            keys.add(IdempotencyKey.generated().value());
        }

        assertThat(keys).hasSize(1_000_000).allMatch(form);
    }

    @Test
    void generatesKeysWithoutBlocking() {
        client(HEADER); // building a client draws the secret of the keys from the operating system

        assertThat(Flux.range(0, 100)
                        .map(i -> IdempotencyKey.generated())
                        .subscribeOn(Schedulers.parallel())
                        .distinct()
                        .count()
                        .block())
                .isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            nightly   | "nightly"
            a"b       | "a\\"b"
            a\\b      | "a\\\\b"
            """)
    void quotesKeyAsStructuredString(String key, String written) {
        lab.value(client(HEADER.inQuotes()).value(ORDER.idempotencyKey(IdempotencyKey.of(key))));

        assertThat(keysSent()).containsExactly(written);
    }

    @Test
    void givesUpWhenBackoffOutlivesKeyAfterPossibleEffect() {
        ApiClient client = client(HEADER.expiringAfter(Duration.ofMillis(1500)));

        ApiException e = lab.failure(client.value(ORDER.withNewIdempotencyKey()));

        assertThat(wire.sent).hasSize(2);
        assertThat(e.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(e.journey().attempts().get(1).decision()).contains("forgets the idempotency key");
    }

    @Test
    void sendsNothingOnResubscriptionAfterKeyExpired() {
        Mono<JsonNode> order =
                client(HEADER.expiringAfter(Duration.ofHours(24))).value(ORDER.withNewIdempotencyKey());
        lab.value(order);
        lab.time.advanceTimeBy(Duration.ofHours(24));

        ApiException e = lab.failure(order);

        assertThatObject(e.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(e)
                .hasMessageContaining("first used more than PT24H ago")
                .hasMessageContaining("withNewIdempotencyKey()");
        assertThat(e.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(wire.sent).hasSize(3);
    }

    @Test
    void reusesValidKeyOnResubscription() {
        Mono<JsonNode> order =
                client(HEADER.expiringAfter(Duration.ofHours(24))).value(ORDER.withNewIdempotencyKey());
        lab.value(order);
        lab.time.advanceTimeBy(Duration.ofHours(23));

        lab.value(order);

        assertThat(keysSent()).hasSize(1);
    }

    @Test
    void refusesKeyLifetimeOfZero() {
        assertThatThrownBy(() -> HEADER.expiringAfter(Duration.ZERO))
                .hasMessageContaining("lifetime of keys: PT0S (expected: more than zero)");
    }
}
