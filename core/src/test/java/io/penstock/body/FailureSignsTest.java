package io.penstock.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.penstock.envelope.ErrorShape;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureSignsTest {

    private static final ErrorShape ERROR = ErrorShape.nestedError();
    private static final ErrorShape SIGNS = ErrorShape.messageOnly()
            .withFailureSigns(FailureSign.isFalse("success"), FailureSign.isOneOf("status", "error", "failed"));

    private final JsonCodec codec = new JsonCodec(100_000);

    private boolean seen(ErrorShape shape, ByteBuf body) {
        FailureSigns signs = new FailureSigns(shape.failureSigns(), shape.failureMember());
        try {
            boolean parsed = codec.saysFailure(body, signs.all());
            if (parsed) {
                assertThat(signs.mayStandIn(body)).as("is parsed at all").isTrue();
            }
            return parsed;
        } finally {
            body.release();
        }
    }

    private boolean seen(ErrorShape shape, String body) {
        boolean seen = seen(shape, Bodies.HEAP_SLICE.of(body));
        for (Bodies kind : Bodies.values()) {
            assertThat(seen(shape, kind.of(body))).as("%s", kind).isEqualTo(seen);
        }
        return seen;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{}}",
                " \t\r\n{ \"error\" : \"x\"}",
                "{\"error\":1",
                "{\"error\":[]}",
                "{\"error\":true}",
                "{\"error\":\"cut of",
                "\uFEFF{\"error\":{}}",
                "{\"\\u0065rror\":{}}",
                "{\"\\u0065\\u0072\\u0072\\u006F\\u0072\":{}}",
                "{\"id\":1,\"error\":{}}",
                "{\"a\":{\"b\":[\"\\\"error\\\"\"]},\"c\":[1,{\"d\":null}],\"error\":{\"code\":\"x\"}}",
                "\uFEFF {\"request_id\":\"r\", \"err\\u006fr\":\"x\"}"
            })
    void seesSetMemberWhereverItStandsAndHoweverItIsWritten(String body) {
        assertThat(seen(ERROR, body)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[]",
                "{\"error\"",
                "{\"error\":",
                "{\"error\": ",
                "{\"error\":null}",
                "{\"error\":false}",
                "{\"error\":\"\"}",
                "{\"error\":\" \"}",
                "{\"errors\":{}}",
                "{\"err\":{}}",
                "\"error\":1",
                "[{\"error\":{}}]",
                "{\"data\":{\"error\":{}}}",
                "{\"id\":\"error\"}",
                "{\"id\":1,\"error\":null}"
            })
    void seesNoFailureInOtherBodies(String body) {
        assertThat(seen(ERROR, body)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"\":1}", "{\"error\":1}"})
    void seesNothingWithoutSigns(String body) {
        assertThat(seen(ErrorShape.messageOnly(), body)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"success\":false}",
                "{\"message\":\"m\",\"success\":\"FALSE\"}",
                "\uFEFF{\"succ\\u0065ss\":false}",
                "{\"stat\":1,\"status\":\"Failed\"}",
                "{\"status\":\"\\u0065rror\"}"
            })
    void seesValueOfSign(String body) {
        assertThat(seen(SIGNS, body)).isTrue();
        assertThat(seen(
                        SIGNS,
                        body.replace("false", "true")
                                .replace("FALSE", "x")
                                .replace("Failed", "ok")
                                .replace("\\u0065rror", "ok")))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(Bodies.class)
    void seesSignInEveryKindOfBuffer(Bodies kind) {
        String padding = "\"a\":\"" + "x".repeat(3_000) + "\",";
        assertThat(seen(SIGNS, kind.of("{" + padding + "\"success\":false}"))).isTrue();
        assertThat(seen(ERROR, kind.of("{" + padding + "\"\\u0065rror\":1}"))).isTrue();
        assertThat(seen(ERROR, kind.of("{" + padding + "\"e\":1}"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE"})
    void seesSignInEveryEncodingThatTheParserReads(String encoding) {
        byte[] body = "{\"id\":1,\"error\":{}}".getBytes(Charset.forName(encoding));

        assertThat(seen(ERROR, Bodies.DIRECT.of(body))).isTrue();
    }

    @Test
    void parsesOnlyBodiesThatMayHoldSign() {
        FailureSigns signs = new FailureSigns(ERROR.failureSigns(), ERROR.failureMember());
        for (String body : List.of("{\"id\":1}", "{\"errors\":1}", "{\"an error\":\"\\\\n\"}", "\"erro", "{}")) {
            ByteBuf bytes = Bodies.HEAP.of(body.getBytes(StandardCharsets.UTF_8));
            assertThat(signs.mayStandIn(bytes)).as(body).isFalse();
            bytes.release();
        }
    }

    @Test
    void refusesSignWithoutValues() {
        assertThatThrownBy(() -> FailureSign.isOneOf("status")).hasMessageContaining("\"status\": no values");
    }
}
