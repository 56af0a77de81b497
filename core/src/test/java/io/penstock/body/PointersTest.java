package io.penstock.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ApiException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PointersTest {

    private static final JsonNode TREE = JsonMapper.shared().readTree("""
            {"error":{"details":[
              {"@type":"type.googleapis.com/google.rpc.QuotaFailure","n":1},
              {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3.5s","list":[{"k":"a]b","v":5}]},
              {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"9s"},
              {"n":2,"ok":true,"at":"two"},
              7,
              null],
              "a/b":{"m~n":"odd"},
              "[x]":"a plain name",
              "":"no name"}}""");

    @ParameterizedTest
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
            /error/details/0/n                                                              | 1
            /error/details/[@type=type.googleapis.com/google.rpc.RetryInfo]/retryDelay      | 3.5s
            /error/details/[n=2]/at                                                         | two
            /error/details/[ok=true]/at                                                     | two
            /error/details/[@type=type.googleapis.com/google.rpc.RetryInfo]/list/[k=a]b]/v  | 5
            /error/details/[@type=none]/retryDelay                                          | -
            /error/details/[missing=]/at                                                    | -
            /error/[n=2]/at                                                                 | -
            /none/[n=2]/at                                                                  | -
            /error/a~1b/m~0n                                                                | odd
            /error/[x]                                                                      | a plain name
            /error/                                                                         | no name
            /error                                                                          | -
            """)
    void findsMemberByNameIndexOrValue(String pointer, @Nullable String text) {
        assertThat(Pointers.text(TREE, Pointers.checked("at", List.of(pointer))))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "error/code", "/a/[b=c", "/a/[b=c/d", "/a/[b=c]d"})
    void refusesInvalidPointer(String pointer) {
        assertThatThrownBy(() -> Pointers.check("at", pointer))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("at: " + pointer + " (expected: a JSON pointer as in RFC 6901");
    }

    @Test
    void selectsElementsForMessages() {
        assertThat(Pointers.message(TREE, List.of("/error/details/[n=2]/at"))).isEqualTo("two");
    }
}
