package io.penstock.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class SecretTest {

    private static final String VALUE = "pk_live_0123456789abcdef";

    private record Config(String name, Secret secret) {}

    @Test
    void masksItselfWhenPrinted() {
        Secret secret = Secret.of(VALUE);

        assertThat(secret).hasToString("****");
        assertThat("" + new Config("a", secret) + List.of(secret)).doesNotContain(VALUE);
        assertThat(new JsonMapper().writeValueAsString(new Config("a", secret))).doesNotContain(VALUE);
        assertThat(secret.reveal()).isEqualTo(VALUE);
    }

    @Test
    void readsFromPlainJsonText() {
        assertThat(new JsonMapper().readValue("\"" + VALUE + "\"", Secret.class))
                .isEqualTo(Secret.of(VALUE));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t\n"})
    void refusesMissingOrBlankValue(String value) {
        assertThatThrownBy(() -> Secret.of(value))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessage("secret: " + (value == null ? "missing" : "blank")
                        + " (expected: the key as the vendor issued it)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"topsecret\n", "topsecret\r\nEvil: 1", "topsecret\0", "topsecretä", "topsecret\u007f"})
    void refusesValueUnfitForHeaderWithoutShowingIt(String value) {
        assertThatThrownBy(() -> Secret.of(value))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("character 10 of ")
                .hasMessageNotContaining("topsecret");
    }

    @ParameterizedTest
    @CsvSource({
        "8, pk_live_****",
        "12, pk_live_0123****",
        "13, ****",
        "24, ****",
        "0, ****",
        "-1, ****",
        "2147483647, ****",
        "1073741824, ****"
    })
    void showsAtMostHalfAsHint(int visible, String shown) {
        assertThat(Secret.of(VALUE).hint(visible)).isEqualTo(shown);
    }

    @Test
    void equalsSecretOfSameValue() {
        assertThat(Secret.of(VALUE)).isEqualTo(Secret.of(VALUE)).hasSameHashCodeAs(Secret.of(VALUE));
        assertThat(Secret.of(VALUE)).isNotEqualTo(Secret.of(VALUE + "x")).isNotEqualTo(VALUE);
    }
}
