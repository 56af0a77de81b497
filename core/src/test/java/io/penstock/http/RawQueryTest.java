package io.penstock.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawQueryTest {

    @ParameterizedTest
    @CsvSource({
        "/a,                      /a",
        "/a?key=1,                /a",
        "/a?key=1&b=2,            /a?b=2",
        "/a?b=2&key=1&c=%2F#f,    /a?b=2&c=%2F#f",
        "/a?key=1#f,              /a#f",
        "/a?k%65y=1&b,            /a?b",
        "/a?key&keys=1,           /a?keys=1",
        "/a?key=1&key=2,          /a",
        "/a?%zz=1&b=%,            /a?%zz=1&b=%",
        "/a#?key=1,               /a#?key=1",
    })
    void removesPairsByDecodedName(String place, String kept) {
        assertThat(RawQuery.without(place, (name, value) -> name.equals("key"))).isEqualTo(kept);
    }

    @Test
    void comparesDecodedValues() {
        URI uri = URI.create("https://a.example/b?key=a%2Bb+c&key=other");

        assertThat(RawQuery.without(uri, (name, value) -> value.equals("a+b c")))
                .isEqualTo(URI.create("https://a.example/b?key=other"));
    }

    @Test
    void encodesPairs() {
        assertThat(RawQuery.of(List.of("a b", "c&d", "é", "~"))).isEqualTo("a%20b=c%26d&%C3%A9=~");
    }

    @Test
    void findsNameInQuery() {
        assertThat(RawQuery.firstOf(List.of("x", "key"), "a=1&k%65y=2")).isEqualTo("key");
        assertThat(RawQuery.firstOf(List.of("key"), "a=key")).isNull();
        assertThat(RawQuery.firstOf(List.of("key"), null)).isNull();
    }
}
