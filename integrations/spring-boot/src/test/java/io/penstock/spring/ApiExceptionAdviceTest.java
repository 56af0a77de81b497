package io.penstock.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/** The responses for failed calls. */
class ApiExceptionAdviceTest {

    private final ApiExceptionAdvice advice = new ApiExceptionAdvice();

    private static ApiException failure(ErrorKind kind) {
        return new ApiException(
                Failure.of(kind, Certainty.REJECTED, Retryability.PERMANENT, "the server said: s3cret"));
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_FOUND, 404",
        "CONFLICT, 409",
        "GONE, 410",
        "VALIDATION, 422",
        "RATE_LIMITED, 503",
        "CIRCUIT_OPEN, 503",
        "TIMEOUT, 504",
        "DEADLINE_EXCEEDED, 504",
        "INVALID_REQUEST, 500",
        "AUTHENTICATION, 502",
        "SERVER_ERROR, 502",
    })
    void choosesStatusByKind(ErrorKind kind, int status) {
        assertThat(advice.problem(failure(kind)).getStatusCode().value()).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource(ErrorKind.class)
    void hidesTextOfServer(ErrorKind kind) {
        ResponseEntity<ProblemDetail> response = advice.problem(failure(kind));

        assertThat(response.getBody()).isNotNull();
        assertThat(response.toString()).doesNotContain("s3cret");
        assertThat(response.getBody().getProperties())
                .containsEntry("kind", kind.name())
                .containsEntry("certainty", "REJECTED")
                .containsEntry("safeToRepeat", true);
    }

    @Test
    void tellsWhenToComeBack() {
        ApiException limited = failure(ErrorKind.RATE_LIMITED)
                .conclude(Journey.none(), Instant.now().plusSeconds(100), true);

        assertThat(Long.parseLong(
                        String.valueOf(advice.problem(limited).getHeaders().getFirst("Retry-After"))))
                .isBetween(40L, 101L);
    }
}
