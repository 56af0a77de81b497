package io.penstock.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirstMemberTest {

    private static boolean isSet(String body, String name) {
        ByteBuf buffer = Unpooled.wrappedBuffer(("xx" + body).getBytes(StandardCharsets.UTF_8));
        buffer.skipBytes(2);
        return FirstMember.isSet(buffer, name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{}}",
                " \t\r\n{ \"error\" : \"x\"}",
                "{\"error\":1",
                "{\"error\":[]}",
                "{\"error\":true}"
            })
    void aFirstMemberWithAValueIsSeen(String body) {
        assertThat(isSet(body, "error")).isTrue();
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
                "{\"errors\":{}}",
                "{\"err\":{}}",
                "{\"id\":1,\"error\":{}}",
                "\"error\":1"
            })
    void anythingElseIsNot(String body) {
        assertThat(isSet(body, "error")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"'{\"\":1}'", "'{\"error\":1}'"})
    void withoutANameNothingIsSeen(String body) {
        assertThat(isSet(body, "")).isFalse();
    }
}
