package io.penstock.ixon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.test.ErrorConformance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exception classes and remedies of IXON's errors. */
class IxonErrorsTest extends ErrorConformance {

    IxonErrorsTest() {
        super(
                IxonVendor.SPEC,
                "server-time",
                () -> Ixon.configure("0123456789ab").secret(Secret.of("0123456789abcdef0123456789abcdef")));
    }

    @Override
    protected String remedies() {
        return """
                status | body                                                                                     | words of the remedy
                401    | {"data":[{"message":"Invalid value","propertyName":"Authorization"}],"status":"error"}   | token; application
                400    | {"data":[{"message":"2FA is required"}],"status":"error"}                                | one-time password; service account
                400    | {"data":[{"message":"Required header","propertyName":"Api-Company"}],"status":"error"}   | correct; Api-Company
                400    | {"data":[{"message":"Invalid value","propertyName":"Api-Application"}],"status":"error"} | correct; Api-Application
                400    | {"data":[{"message":"Invalid value","propertyName":"name"}],"status":"error"}            | -
                429    | {}                                                                                       | blocked for 10 minutes; fewer requests
                500    | <html>                                                                                   | incident; nothing is wrong with the request; later
                504    |                                                                                          | narrow the request
                """;
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
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        assertThat(failure.certainty()).isEqualTo(Certainty.PROCESSED);
    }

    @Test
    void namesPropertyInMessage() {
        assertThat(failure(
                        400,
                        "{\"data\":[{\"message\":\"Invalid value\",\"propertyName\":\"name\"}],\"status\":\"error\"}"))
                .hasMessage("400 VALIDATION: Invalid value [name]");
    }
}
