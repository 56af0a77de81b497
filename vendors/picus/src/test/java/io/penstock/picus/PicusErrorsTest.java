package io.penstock.picus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.test.ErrorConformance;
import io.penstock.test.ScriptedTransport;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exception classes and remedies of Picus' errors. */
class PicusErrorsTest extends ErrorConformance {

    PicusErrorsTest() {
        super(PicusVendor.SPEC, "v1/agents", () -> Picus.configure().secret(Secret.of("0123456789abcdef")));
    }

    @Override
    protected List<ScriptedTransport.Step> answersBefore() {
        return List.of(ScriptedTransport.answer(200, "{\"token\":\"fedcba9876543210\"}"));
    }

    @Override
    protected String remedies() {
        return """
                status | body                          | words of the remedy
                402    | {"message":"limit"}           | licence or quantity limit; delete; later; contact Picus support
                403    | {"message":"forbidden error"} | scope; role
                404    | {"message":"not found error"} | -
                410    | {"message":"gone"}            | v2/mitigation/devices
                500    | {"message":"boom"}            | contact Picus support; method, path, time; journey(); bodyExcerpt()
                503    | {"message":"boom"}            | contact Picus support; method, path, time
                504    | <html>                        | contact Picus support; method, path, time
                """;
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
