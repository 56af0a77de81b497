package io.penstock.picus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import io.penstock.test.ScriptedTransport;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exception classes and remedies of Picus' errors. */
class PicusErrorsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static ApiException failure(int status, String body) {
        return failure(status, Headers.of("content-type", "application/json"), body);
    }

    private static ApiException failure(int status, Headers headers, String body) {
        try (ApiClient client = Picus.configure()
                .secret(Secret.of("0123456789abcdef"))
                .transport(ScriptedTransport.of(
                        ScriptedTransport.answer(200, "{\"token\":\"fedcba9876543210\"}"),
                        ScriptedTransport.answer(status, headers, body)))
                .retry(PicusVendor.SPEC.retry().withMaxAttempts(1))
                .build()) {
            return catchThrowableOfType(
                    ApiException.class,
                    () -> client.value(ApiRequest.get("v1/agents")).block(PATIENCE));
        }
    }

    /** The advice of the documents as words that {@code remedy()} must contain; empty if there is no advice. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            402 | {"message":"limit"} | licence or quantity limit; delete; later; contact Picus support
            403 | {"message":"forbidden error"} | scope; role
            404 | {"message":"not found error"} |
            410 | {"message":"gone"} | v2/mitigation/devices
            500 | {"message":"boom"} | contact Picus support; method, path, time; journey(); bodyExcerpt()
            503 | {"message":"boom"} | contact Picus support; method, path, time
            504 | <html> | contact Picus support; method, path, time
            """)
    void returnsDocumentedAdviceAsRemedy(int status, String body, @Nullable String words) {
        ApiException failure = failure(status, body);

        assertThat(failure.status()).isEqualTo(status);
        if (words == null) {
            assertThat(failure.remedy()).isNull();
        } else {
            assertThat(failure.remedy())
                    .contains(Stream.of(words.split(";")).map(String::strip).toList());
            assertThat(failure).hasMessageContaining(failure.remedy());
        }
    }

    @Test
    void classifiesEveryServerError() {
        for (int status = 500; status < 600; status++) {
            assertThat(failure(status, "{}")).as("status %d", status).isExactlyInstanceOf(PicusException.Server.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 203})
    void classifiesDeclinedOperationInAnySuccessAsFailed(int status) {
        assertThat(failure(status, "{\"success\":false,\"message\":\"No\"}"))
                .isExactlyInstanceOf(PicusException.OperationFailed.class);
    }

    @Test
    void classifiesLimitInStatus403AsRateLimited() {
        ApiException failure = failure(403, Headers.of("retry-after", "7"), "{}");

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
        assertThat(failure.retryAfter()).hasSeconds(7);
    }

    @Test
    void includesEntriesOfErrorsInMessage() {
        assertThat(failure(422, "{\"message\":\"validation error\",\"errors\":{\"parsing error\":\"invalid syntax\"}}"))
                .hasMessage("422 VALIDATION: validation error [parsing error: invalid syntax]");
    }
}
