package io.penstock.spring;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * The response for a call that failed while a request was served (RFC 9457). It comes after the application's own
 * handlers. It holds no text of the vendor's server except field errors of a validation.
 *
 * <table>
 * <caption>Statuses</caption>
 * <tr><td>404, 409, 410, 422</td><td>the vendor does not find, or refuses, what was asked for</td></tr>
 * <tr><td>503</td><td>too many calls, an open circuit, or a client that closes; with {@code Retry-After} if the time is
 * known</td></tr>
 * <tr><td>504</td><td>a timeout or the deadline</td></tr>
 * <tr><td>500</td><td>a request that could not be sent as it was</td></tr>
 * <tr><td>502</td><td>everything else, such as a refused credential: the caller has no part in it</td></tr>
 * </table>
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public final class ApiExceptionAdvice {

    /** Creates the advice. */
    public ApiExceptionAdvice() {}

    /** Returns the response for an exception. */
    @ExceptionHandler
    public ResponseEntity<ProblemDetail> problem(ApiException failed) {
        HttpStatus status = status(failed.kind());
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, words(failed.kind()));
        problem.setProperty("kind", failed.kind().name());
        problem.setProperty("certainty", failed.certainty().name());
        problem.setProperty("safeToRepeat", failed.safeToRepeat());
        if (failed.requestId() != null) {
            problem.setProperty("requestId", failed.requestId());
        }
        if (status == HttpStatus.UNPROCESSABLE_CONTENT && !failed.fieldErrors().isEmpty()) {
            problem.setProperty(
                    "errors",
                    failed.fieldErrors().stream()
                            .map(error -> Map.of("field", text(error.field()), "message", text(error.message())))
                            .toList());
        }
        HttpHeaders headers = new HttpHeaders();
        Instant retryAt = failed.retryAt();
        if (retryAt != null && status == HttpStatus.SERVICE_UNAVAILABLE) {
            long seconds = Math.max(1, Duration.between(Instant.now(), retryAt).toSeconds() + 1);
            headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        }
        return new ResponseEntity<>(problem, headers, status);
    }

    private static String text(@Nullable String ofServer) {
        return ofServer == null ? "" : ofServer;
    }

    private static HttpStatus status(ErrorKind kind) {
        return switch (kind) {
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
            case GONE -> HttpStatus.GONE;
            case CONFLICT, KEY_IN_PROGRESS, KEY_REUSED -> HttpStatus.CONFLICT;
            case VALIDATION -> HttpStatus.UNPROCESSABLE_CONTENT;
            case RATE_LIMITED, CIRCUIT_OPEN, POOL_EXHAUSTED, CLIENT_CLOSED, UNAVAILABLE ->
                HttpStatus.SERVICE_UNAVAILABLE;
            case TIMEOUT, DEADLINE_EXCEEDED -> HttpStatus.GATEWAY_TIMEOUT;
            case INVALID_REQUEST, INVALID_CONFIGURATION, BODY_UNREADABLE, LOCAL_IO, OPERATOR_FAILED ->
                HttpStatus.INTERNAL_SERVER_ERROR;
            default -> HttpStatus.BAD_GATEWAY;
        };
    }

    /** Returns the kind in words: {@code NOT_FOUND} as {@code not found}. */
    private static String words(ErrorKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
