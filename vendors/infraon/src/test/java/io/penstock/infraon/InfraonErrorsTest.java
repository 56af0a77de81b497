package io.penstock.infraon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.test.ErrorConformance;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exception classes and remedies of Infraon's errors. */
class InfraonErrorsTest extends ErrorConformance {

    InfraonErrorsTest() {
        super(
                InfraonVendor.SPEC,
                "ux/tags/",
                () -> Infraon.configure(URI.create("https://acme.api.infraon.app"), InfraonCredential.apiKey())
                        .secret(Secret.of("0123456789abcdef")));
    }

    @Override
    protected String remedies() {
        return """
                status | body                                                      | words of the remedy
                400    | {"error":"Please provide username."}                      | user name; payload; headers
                400    | {"error":"Please provide password."}                      | password; payload; headers
                400    | {"error":"Incorrect username or password."}               | verify user name and password
                401    | {"error":"Incorrect username or password."}               | verify user name and password
                400    | {"summary":["This field is required."]}                   | check the payload and the headers
                401    | {"error":"Invalid API key."}                              | verify; token; authenticate again
                403    | {"error":"API key is missing."}                           | send the key
                403    | {"error":"No access to this module."}                     | check the headers; may do
                404    | {"detail":"Not found."}                                   | -
                500    | {"error":"Something went wrong. Please try again later."} | try again later; contact Infraon's support
                """;
    }

    @ParameterizedTest
    @CsvSource({"401, Invalid API key.", "401, anything", "403, API key is missing."})
    void classifiesKeyAndTokenErrorsAsAuthentication(int status, String text) {
        assertThat(failure(status, "{\"error\":\"" + text + "\"}"))
                .isExactlyInstanceOf(InfraonException.Authentication.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 203, 206, 207})
    void classifiesErrorInAnySuccessAsFailedOperation(int status) {
        ApiException failure = failure(status, "{\"status\":\"error\",\"msg\":\"No\"}");

        assertThat(failure).isExactlyInstanceOf(InfraonException.OperationFailed.class);
        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(failure).hasMessage(status + " VALIDATION: No");
    }

    @Test
    void classifiesEveryServerError() {
        for (int status = 500; status < 600; status++) {
            assertThat(failure(status, "{\"error\":\"No\"}"))
                    .as("status %d", status)
                    .isExactlyInstanceOf(InfraonException.Server.class);
        }
    }

    @Test
    void classifiesLimitInStatus403AsRateLimited() {
        ApiException failure = failure(403, Headers.of("retry-after", "7"), "{\"detail\":\"Throttled.\"}");

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
        assertThat(failure.retryAfter()).hasSeconds(7);
    }

    @Test
    void includesComplaintsOfFieldsInMessage() {
        assertThat(failure(400, "{\"summary\":[\"This field is required.\"]}"))
                .hasMessage("400 VALIDATION (check the payload and the headers before sending it again)"
                        + " [summary: This field is required.]");
    }
}
