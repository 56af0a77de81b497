package io.penstock.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {

    @ParameterizedTest
    @CsvSource({
        "http://my_service:8080/v1, my_service, 8080",
        "http://stack_web/v1, stack_web, -1",
        "http://a_b.internal.example/v1, a_b.internal.example, -1",
        "http://user@a_b:81/, a_b, 81",
        "http://a_b:/, a_b, -1",
        "https://api.example.com, api.example.com, -1",
        "http://127.0.0.1:80/, 127.0.0.1, 80",
        "'http://[::1]:9/', '[::1]', 9"
    })
    void readsEveryHostThatCanBeResolved(String uri, String host, int port) {
        assertThat(Authority.of(URI.create(uri))).isEqualTo(new Authority(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mailto:a@b",
                "/path",
                "http:///path",
                "http://a_b:port/",
                "http://a_b:65536/",
                "http://a:65536/",
                "http://a_b:1:2/",
                "http://m\u00fcller_x/",
                "http://a%5fb/"
            })
    void refusesHostsThatCannotBeResolved(String uri) {
        assertThat(Authority.of(URI.create(uri))).isNull();
    }
}
