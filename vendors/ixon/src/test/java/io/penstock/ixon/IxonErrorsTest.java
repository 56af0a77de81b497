package io.penstock.ixon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
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

/** Exception classes and remedies of IXON's errors. */
class IxonErrorsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static ApiException failure(int status, String body) {
        return failure(status, Headers.of("content-type", "application/json"), body);
    }

    private static ApiException failure(int status, Headers headers, String body) {
        try (ApiClient client = Ixon.configure("0123456789ab")
                .secret(Secret.of("0123456789abcdef0123456789abcdef"))
                .transport(ScriptedTransport.of(ScriptedTransport.answer(status, headers, body)))
                .retry(IxonVendor.SPEC.retry().withMaxAttempts(1))
                .build()) {
            return catchThrowableOfType(
                    ApiException.class,
                    () -> client.value(ApiRequest.get("server-time")).block(PATIENCE));
        }
    }

    /** The advice of the documents as words that {@code remedy()} must contain; empty if there is no advice. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            401 | {"data":[{"message":"Invalid value","propertyName":"Authorization"}],"status":"error"} | token; application
            400 | {"data":[{"message":"2FA is required"}],"status":"error"} | one-time password; service account
            400 | {"data":[{"message":"Required header","propertyName":"Api-Company"}],"status":"error"} | correct; Api-Company
            400 | {"data":[{"message":"Invalid value","propertyName":"Api-Application"}],"status":"error"} | correct; Api-Application
            400 | {"data":[{"message":"Invalid value","propertyName":"name"}],"status":"error"} |
            429 | {} | blocked for 10 minutes; fewer requests
            500 | <html> | incident; nothing is wrong with the request; later
            504 | `` | narrow the request
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
    void classifiesOtherClientErrorsAsContent() {
        for (int status = 400; status < 500; status++) {
            if (status == 401 || status == 429) {
                continue; // the login and the blocked address have classes of their own
            }
            assertThat(failure(status, "{\"data\":[{\"message\":\"No\"}],\"status\":\"error\",\"type\":\"Error\"}"))
                    .as("status %d", status)
                    .isExactlyInstanceOf(IxonException.Content.class);
            assertThat(failure(status, "<html>")).isExactlyInstanceOf(IxonException.Content.class);
        }
    }

    @Test
    void classifiesEveryServerError() {
        for (int status = 500; status < 600; status++) {
            assertThat(failure(status, "")).as("status %d", status).isExactlyInstanceOf(IxonException.Server.class);
            assertThat(failure(status, "{\"data\":[{\"message\":\"No\"}],\"status\":\"error\"}"))
                    .isExactlyInstanceOf(IxonException.Server.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 422, 500})
    void classifiesNamedHeaderAtAnyStatus(int status) {
        assertThat(failure(status, "{\"data\":[{\"message\":\"Invalid value\",\"propertyName\":\"Authorization\"}]}"))
                .isExactlyInstanceOf(IxonException.Authorization.class);
        assertThat(failure(status, "{\"data\":[{\"message\":\"Required header\",\"propertyName\":\"Api-Company\"}]}"))
                .isExactlyInstanceOf(IxonException.Header.class);
    }

    @ParameterizedTest
    @CsvSource({"200, {", "200, <html>", "201, ''", "302, ''"})
    void classifiesMalformedAnswerAsUnreadable(int status, String body) {
        assertThat(failure(status, Headers.of("content-type", "application/json", "content-length", "9"), body))
                .isExactlyInstanceOf(IxonException.Unreadable.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 207})
    void classifiesErrorEnvelopeInAnySuccessAsContent(int status) {
        ApiException failure =
                failure(status, "{\"data\":[{\"message\":\"No\",\"listIndex\":3}],\"status\":\"error\"}");

        assertThat(failure)
                .isInstanceOfSatisfying(
                        IxonException.Content.class,
                        content -> assertThat(content.listIndexes()).containsExactly(3));
        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
    }

    @Test
    void reportsTruncatedAnswerAsPlainApiException() {
        ApiException failure = failure(200, "{\"data\":");

        assertThat(failure).isExactlyInstanceOf(ApiException.class);
        assertThat(failure.status()).isEqualTo(200);
    }

    @Test
    void namesPropertyInMessage() {
        assertThat(failure(
                        400,
                        "{\"data\":[{\"message\":\"Invalid value\",\"propertyName\":\"name\"}],\"status\":\"error\"}"))
                .hasMessage("400 VALIDATION: Invalid value [name]");
    }
}
