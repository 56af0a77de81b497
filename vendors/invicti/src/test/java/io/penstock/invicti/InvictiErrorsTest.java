package io.penstock.invicti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.FieldError;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.test.ErrorConformance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exception classes and remedies of Invicti's errors. */
class InvictiErrorsTest extends ErrorConformance {

    InvictiErrorsTest() {
        super(
                InvictiVendor.SPEC,
                "api/identity/v1/me",
                () -> Invicti.configure().secret(Secret.of("0123456789abcdef")));
    }

    @Override
    protected String remedies() {
        return """
                status | body                                                               | words of the remedy
                401    | {}                                                                 | User settings > API key
                403    | {}                                                                 | role; allow-list; 15 minutes
                404    | {}                                                                 | -
                500    | {"error":"InternalServerError","message":"Boom","requestId":"r-1"} | contact Invicti's support; request id
                500    | <html>                                                             | contact Invicti's support
                """;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":\"ValidationError\",\"message\":\"Request validation failed\",\"details\":[]}",
                "{\"code\":400,\"reason\":\"no\",\"details\":[\"x\"]}",
                "<html>",
                ""
            })
    void classifiesEveryBadRequestAsValidation(String body) {
        assertThat(failure(400, body)).isExactlyInstanceOf(InvictiException.ValidationError.class);
    }

    @Test
    void classifiesEveryServerError() {
        for (int status = 500; status < 600; status++) {
            assertThat(failure(status, "{}"))
                    .as("status %d", status)
                    .isExactlyInstanceOf(InvictiException.Server.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 203, 207})
    void classifiesDeclinedOperationInAnySuccessAsFailed(int status) {
        ApiException failure = failure(status, "{\"success\":false,\"message\":\"No\"}");

        assertThat(failure).isExactlyInstanceOf(InvictiException.OperationFailed.class);
        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
    }

    @Test
    void classifiesLimitInStatus403AsRateLimited() {
        ApiException failure = failure(403, Headers.of("retry-after", "7"), "{}");

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.RATE_LIMITED);
        assertThat(failure.retryAfter()).hasSeconds(7);
    }

    @Test
    void includesComplaintsAndRequestIdInMessage() {
        ApiException failure = failure(
                400,
                "{\"error\":\"ValidationError\",\"message\":\"Request validation failed\",\"requestId\":\"r-1\","
                        + "\"details\":[{\"field\":\"url\",\"code\":\"REQUIRED\",\"message\":\"URL is required\"},"
                        + "{\"field\":\"name\",\"code\":\"TOO_LONG\",\"maxLength\":100}]}");

        assertThat(failure)
                .hasMessage("400 ValidationError: Request validation failed [url REQUIRED: URL is required; name"
                        + " TOO_LONG] (request r-1)");
    }

    @Test
    void declaresCodesOfDocumentedSample() {
        ApiException failure = failure(
                400,
                "{\"error\":\"ValidationError\",\"details\":[{\"field\":\"url\",\"code\":\"REQUIRED\"},"
                        + "{\"field\":\"name\",\"code\":\"TOO_LONG\"}]}");

        assertThat(failure.code()).isEqualTo(InvictiErrorCodes.VALIDATION_ERROR);
        assertThat(failure.fieldErrors())
                .extracting(FieldError::code)
                .containsExactly(InvictiErrorCodes.REQUIRED, InvictiErrorCodes.TOO_LONG);
    }
}
