package io.penstock.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.envelope.ErrorShape.Place;
import io.penstock.error.ErrorKind;
import io.penstock.error.FieldError;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class ErrorReadingTest {

    private static ErrorReading read(ErrorShape shape, String body, String... headers) {
        return ErrorReading.of(shape, head(headers), new JsonMapper().readTree(body));
    }

    private static ResponseHead head(String... headers) {
        return new ResponseHead(400, Headers.of(headers));
    }

    @Test
    void readsHeadersAndMembersInTheirOrder() {
        ErrorShape shape = ErrorShape.messageOnly()
                .withCode(Place.header("x-error-code"), Place.member("/code"))
                .withMessage(Place.member("/message"), Place.header("x-error"))
                .withRequestId(Place.header("x-trace"), Place.member("/trace"));

        ErrorReading both = read(shape, "{\"code\":\"b\",\"trace\":\"t\"}", "x-error-code", "h", "x-error", "told");
        assertThat(both.code()).isEqualTo("h");
        assertThat(both.message()).isEqualTo("told");
        assertThat(both.requestId()).isEqualTo("t");

        ErrorReading body = read(shape, "{\"code\":7,\"message\":\"m\"}", "x-error-code", "", "x-request-id", "r");
        assertThat(body.code()).isEqualTo("7");
        assertThat(body.message()).isEqualTo("m");
        assertThat(body.requestId()).isEqualTo("r");
    }

    @Test
    void readsFieldThatOneMemberNames() {
        ErrorShape shape = ErrorShape.nestedError().withFields(FieldShape.named("/error/param"));

        assertThat(read(shape, "{\"error\":{\"code\":\"c\",\"message\":\"too small\",\"param\":\"amount\"}}")
                        .fields())
                .containsExactly(new FieldError("amount", "c", "too small", Map.of()));
        for (String none : new String[] {"null", "\"\"", "{}", "[]"}) {
            assertThat(read(shape, "{\"error\":{\"param\":" + none + "}}").fields())
                    .isEmpty();
        }
    }

    /** The examples of RFC 9457 §3 and of RFC 7807, which it replaces. */
    @Test
    void readsProblemDetailsByMediaType() {
        String problem = """
                {"type":"https://example.com/probs/out-of-credit","title":"Not enough credit.",
                 "detail":"Your balance is 30, but that costs 50.",
                 "errors":[{"detail":"must be a positive integer","pointer":"#/age"}]}""";

        ErrorReading read =
                read(ErrorShape.messageOnly(), problem, "content-type", "Application/Problem+JSON; charset=utf-8");
        assertThat(read.code()).isEqualTo("https://example.com/probs/out-of-credit");
        assertThat(read.message()).isEqualTo("Your balance is 30, but that costs 50.");
        assertThat(read.fields())
                .containsExactly(new FieldError("#/age", null, "must be a positive integer", Map.of()));

        ErrorReading plain = read(
                ErrorShape.messageOnly(),
                "{\"type\":\"about:blank\",\"title\":\"Forbidden\",\"invalid-params\":[{\"name\":\"age\",\"reason\":\"no\"}]}",
                "content-type",
                "application/problem+json");
        assertThat(plain.code()).isNull();
        assertThat(plain.message()).isEqualTo("Forbidden");
        assertThat(plain.fields()).containsExactly(new FieldError("age", null, "no", Map.of()));
    }

    @Test
    void prefersShapeToProblemDetails() {
        ErrorShape shape = ErrorShape.messageOnly().withCode("/code");
        String problem = "{\"type\":\"urn:p\",\"code\":\"c\",\"message\":\"m\",\"detail\":\"d\"}";

        ErrorReading read = read(shape, problem, "content-type", "application/problem+json");
        assertThat(read.code()).isEqualTo("c");
        assertThat(read.message()).isEqualTo("m");
        assertThat(read(shape, "{\"type\":\"urn:p\",\"detail\":\"d\"}", "content-type", "application/json")
                        .code())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "false, TRANSIENT, PERMANENT",
        "False, AFTER_RENEWAL, PERMANENT",
        "false, AFTER_ACTION, AFTER_ACTION",
        "true, PERMANENT, TRANSIENT",
        "true, AFTER_ACTION, AFTER_ACTION",
        "true, TRANSIENT, TRANSIENT",
        "perhaps, TRANSIENT, TRANSIENT",
        "perhaps, PERMANENT, PERMANENT"
    })
    void followsVerdictOfServer(String said, Retryability table, Retryability outcome) {
        ErrorShape shape = ErrorShape.messageOnly().withVerdict(Place.header("x-should-retry"), Place.member("/retry"));

        assertThat(ErrorReading.verdict(shape, head("x-should-retry", said), new JsonMapper().readTree("{}"), table))
                .isEqualTo(outcome);
        assertThat(ErrorReading.verdict(
                        shape, head(), new JsonMapper().readTree("{\"retry\":\"" + said + "\"}"), table))
                .isEqualTo(outcome);
    }

    @Test
    void rejectsPlaceThatIsNone() {
        assertThatThrownBy(() -> Place.member("error/code"))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("error/code");
        assertThatThrownBy(() -> Place.header(" ")).matches(ErrorKind.INVALID_CONFIGURATION::matches);
        assertThatThrownBy(() -> new Place("x", "/x")).matches(ErrorKind.INVALID_CONFIGURATION::matches);
        assertThatThrownBy(() -> ErrorShape.messageAt("message")).matches(ErrorKind.INVALID_CONFIGURATION::matches);
    }
}
