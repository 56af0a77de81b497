package io.penstock.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.node.IntNode;

/** {@link ApiException}, {@link ErrorKind}, {@link Failure}. */
class ErrorsTest {

    private static ApiException of(ErrorKind kind) {
        return new ApiException(Failure.of(kind, Certainty.REJECTED, Retryability.PERMANENT, "429 slow down")
                .withStatus(429));
    }

    @ParameterizedTest
    @EnumSource(ErrorKind.class)
    void matchesOnlyErrorsOfSameKind(ErrorKind kind) {
        for (ErrorKind other : ErrorKind.values()) {
            assertThat(kind.matches(of(other))).isEqualTo(kind == other);
        }
        assertThat(kind.matches(new IllegalStateException())).isFalse();
    }

    @Test
    void worksWithErrorOperatorsOfReactor() {
        Mono<String> limited = Mono.error(of(ErrorKind.RATE_LIMITED));

        StepVerifier.create(limited.onErrorResume(ErrorKind.RATE_LIMITED::matches, e -> Mono.just("later")))
                .expectNext("later")
                .verifyComplete();
        StepVerifier.create(limited.onErrorResume(ErrorKind.NOT_FOUND::matches, e -> Mono.just("none")))
                .expectErrorMatches(ErrorKind.RATE_LIMITED::matches)
                .verify();
    }

    @ParameterizedTest
    @EnumSource(ErrorKind.class)
    void fillsStackTraceOnlyForBadInput(ErrorKind kind) {
        boolean badInput = kind == ErrorKind.INVALID_REQUEST || kind == ErrorKind.INVALID_CONFIGURATION;

        assertThat(of(kind).getStackTrace().length > 0).isEqualTo(badInput);
    }

    @Test
    void takesMessageAndCauseFromFailure() {
        IllegalStateException cause = new IllegalStateException("x");
        Failure failure = Failure.of(
                        ErrorKind.OPERATOR_FAILED, Certainty.NOT_SENT, Retryability.PERMANENT, "an operator failed")
                .withCause(cause);

        assertThat(new ApiException(failure)).hasMessage("an operator failed").hasCause(cause);
    }

    @Test
    void hasEmptyJourneyBeforeConclusion() {
        ApiException e = of(ErrorKind.RATE_LIMITED);

        assertThat(e.journey().attempts()).isEmpty();
        assertThat(e.journey()).hasToString("no call  0 attempts  0 ms  → nothing was sent");
        assertThat(e.retryAt()).isNull();
    }

    @Test
    void takesJourneyAndRetryTimeOnConclusion() {
        Journey journey =
                Journey.of(new JourneyFacts("GET", "/x", null, 0, 5, List.of(), List.of()), "429 slow down", null);
        Instant again = Instant.parse("2026-11-20T12:00:00Z");
        ApiException e = of(ErrorKind.RATE_LIMITED);

        assertThat(e.conclude(journey, again, true)).isSameAs(e);
        assertThat(e.journey()).isSameAs(journey);
        assertThat(e.retryAt()).isEqualTo(again);
    }

    @Test
    void returnsNullOrMissingForAbsentDetails() {
        ApiException e = of(ErrorKind.RATE_LIMITED);

        assertThat(e.code()).isNull();
        assertThat(e.serverMessage()).isNull();
        assertThat(e.requestId()).isNull();
        assertThat(e.fieldErrors()).isEmpty();
        assertThat(e.details().isMissingNode()).isTrue();
        assertThat(e.retryAfter()).isNull();
        assertThat(e.remedy()).isNull();
        assertThat(e.bodyExcerpt()).isNull();
    }

    @Test
    void printsFailureWithoutBody() {
        Failure failure = of(ErrorKind.RATE_LIMITED).failure().withBodyExcerpt("tell-nobody");

        assertThat(failure).hasToString("Failure[RATE_LIMITED 429, REJECTED, PERMANENT]");
        assertThat(failure.bodyExcerpt()).isEqualTo("tell-nobody");
        assertThat(new ApiException(failure)).asString().doesNotContain("tell-nobody");
    }

    private static Failure refused(@Nullable String serverMessage, @Nullable String requestId, FieldError... errors) {
        return Failure.of(
                        ErrorKind.VALIDATION,
                        Certainty.REJECTED,
                        Retryability.PERMANENT,
                        "400 VALIDATION: no (correct it)")
                .withStatus(400)
                .withServerMessage(serverMessage)
                .withRequestId(requestId)
                .withFieldErrors(List.of(errors));
    }

    private static FieldError complaint(@Nullable String field, @Nullable String code, @Nullable String message) {
        return new FieldError(field, code, message, Map.of("limit", IntNode.valueOf(7)));
    }

    @Test
    void namesFieldErrorsAndRequestIdInMessage() {
        Failure failure = refused(
                "no",
                "req_1",
                complaint("url", "REQUIRED", "URL is required"),
                complaint("name", null, "too long"),
                complaint("age", "RANGE", null),
                complaint(null, null, "nonsense"),
                complaint(null, null, null));

        assertThat(new ApiException(failure))
                .hasMessage("400 VALIDATION: no (correct it) [url REQUIRED: URL is required; name: too long; age RANGE;"
                        + " nonsense] (request req_1)");
        assertThat(new ApiException(failure).failure().message()).isEqualTo("400 VALIDATION: no (correct it)");
    }

    @Test
    void doesNotRepeatServerMessageInMessage() {
        assertThat(new ApiException(refused("no", null, complaint("url", null, "no"), complaint(null, null, "no"))))
                .hasMessage("400 VALIDATION: no (correct it) [url]");
        assertThat(new ApiException(refused("no", null, complaint(null, null, "no"))))
                .hasMessage("400 VALIDATION: no (correct it)");
    }

    @Test
    void boundsMessageOfManyFieldErrors() {
        FieldError[] errors = new FieldError[1_000];
        Arrays.fill(errors, complaint("field\nname", null, "x".repeat(1_000)));

        String message = new ApiException(refused("no", "r".repeat(1_000), errors)).getMessage();

        assertThat(message)
                .hasSizeLessThan(1_200)
                .contains("field name: xxx", "…; 995 more] (request rrr")
                .endsWith("r…)")
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"password", "user.apiKey", "/auth/access_token", "client_secret"})
    void omitsTextOfSecretFieldsFromMessage(String field) {
        Failure failure = refused("no", null, complaint(field, "WEAK", "'hunter2hunter2' is too weak"));

        assertThat(new ApiException(failure)).hasMessage("400 VALIDATION: no (correct it) [" + field + " WEAK]");
    }
}
