package io.penstock.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HeadersTest {

    private static final Headers HEADERS = Headers.of("X-B", "1", "a", "s3cr3t", "x-b", "2");

    @Test
    void ignoresCaseOfNamesAndKeepsOrderOfValues() {
        assertThat(HEADERS.first("x-B")).isEqualTo("1");
        assertThat(HEADERS.all("X-b")).containsExactly("1", "2");
        assertThat(HEADERS.contains("A")).isTrue();
        assertThat(HEADERS.names()).containsExactly("a", "X-B");
    }

    @Test
    void returnsNullOrEmptyForAbsentNames() {
        assertThat(HEADERS.first("c")).isNull();
        assertThat(HEADERS.all("c")).isEmpty();
        assertThat(Headers.none().names()).isEmpty();
    }

    @Test
    void printsNamesOnly() {
        assertThat(HEADERS).hasToString("Headers[a, X-B]");
    }

    @Test
    void refusesNameWithoutValue() {
        assertThatThrownBy(() -> Headers.of("a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("namesAndValues: 1 strings (expected: a value for every name)");
    }

    @Test
    void refusesValueWithLineBreak() {
        assertThatThrownBy(() -> Headers.of("a", "b\r\nc")).isInstanceOf(IllegalArgumentException.class);
    }
}
