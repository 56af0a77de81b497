package io.penstock;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import io.penstock.hedge.HedgingPolicy;
import io.penstock.http.Secret;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.retry.RetryPolicy;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings of a client of which one makes another void. */
class ContradictionsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private static ApiClientBuilder builder() {
        return ApiClient.builder(Lab.SPEC);
    }

    private static Arguments contradiction(UnaryOperator<ApiClientBuilder> settings, String sentence) {
        return Arguments.of(settings, sentence);
    }

    static Stream<Arguments> contradictions() {
        return Stream.of(
                contradiction(
                        b -> b.deadline(MINUTE).attemptTimeout(HOUR),
                        "attemptTimeout: PT1H, longer than the deadline of PT1M (expected: at most the deadline; lower it or"
                                + " raise deadline(…))"),
                contradiction(
                        b -> b.firstByteTimeout(MINUTE),
                        "firstByteTimeout: PT1M, longer than the attempt timeout of PT30S (expected: less than that; lower it"
                                + " or raise attemptTimeout(…))"),
                contradiction(
                        b -> b.gate(GatePolicy.standard().withMaxConcurrent(101)),
                        "gate: maxConcurrent 101, more than the 100 connections of the pool (expected: at most as many; lower"
                                + " withMaxConcurrent(…) or raise withPool(…))"),
                contradiction(
                        b -> b.deadline(MINUTE).retry(RetryPolicy.standard().withMaxHint(HOUR)),
                        "retry: maxHint PT1H, longer than the deadline of PT1M (expected: at most the deadline; lower"
                                + " withMaxHint(…) or raise deadline(…))"),
                contradiction(
                        b -> b.hedging(HedgingPolicy.standard().withShortestDelay(MINUTE)),
                        "hedging: shortestDelay PT1M, not shorter than the attempt timeout of PT30S (expected: less than that;"
                                + " lower withShortestDelay(…) or raise attemptTimeout(…))"),
                contradiction(
                        b -> b.secret(Secret.of("key")).header("Authorization", "Bearer other"),
                        "header Authorization: set beside the credential, which goes there (expected: one of the two; leave"
                                + " header(…) or secret(…) out)"));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void reportsContradictionInOneSentence(UnaryOperator<ApiClientBuilder> settings, String sentence) {
        assertThatThrownBy(() -> settings.apply(builder()).build())
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining(sentence);
    }

    @Test
    void reportsSharedQuotaWithoutGate() {
        try (ApiClient other = builder().build()) {
            assertThatThrownBy(
                            () -> builder().withoutGate().sharesQuotaWith(other).build())
                    .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                    .hasMessageContaining("but this client has no gate that could count (expected: a gate;");
        }
    }

    /** A default is no contradiction: it gives way to what is set. */
    @Test
    void letsDefaultsGiveWay() {
        assertThatNoException()
                .isThrownBy(() -> builder()
                        .deadline(Duration.ofSeconds(1))
                        .retry(RetryPolicy.standard().withMaxAttempts(2))
                        .build()
                        .close());
    }
}
