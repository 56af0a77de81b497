package io.penstock.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.request.Plan;
import io.penstock.request.TestPlans;
import io.penstock.upload.RequestBody;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {

    private static Plan plan(Method method, String uri, List<String> headers, @Nullable RequestBody body) {
        return TestPlans.of(method, URI.create(uri), headers, body);
    }

    private static String written(RequestHead head, List<String> added) {
        ByteBuf encoded = head.write(UnpooledByteBufAllocator.DEFAULT, added, null);
        try {
            return encoded.toString(StandardCharsets.ISO_8859_1);
        } finally {
            encoded.release();
        }
    }

    private static String written(Plan plan, String... added) {
        return written(RequestHead.of(plan), List.of(added));
    }

    @Test
    void writesRequestLineHostHeadersAndEnd() {
        assertThat(written(plan(Method.GET, "http://example.com:81/a?b=c", List.of("accept", "text/html"), null)))
                .isEqualTo(
                        "GET /a?b=c HTTP/1.1\r\nhost: example.com:81\r\naccept: text/html\r\naccept-encoding: gzip\r\n\r\n");
    }

    @Test
    void writesFieldsOfHttp2InLowerCaseAndWithoutThoseOfConnections() {
        Plan post = plan(
                Method.POST,
                "https://example.com/a b?c=d".replace(" ", "%20"),
                List.of("Accept", "text/html", "Connection", "close", "TE", "gzip"),
                RequestBody.of("{}".getBytes(StandardCharsets.UTF_8)));

        List<String> fields = new ArrayList<>();
        RequestHead.of(post)
                .http2(List.of("Authorization", "Bearer 1"), "key=a%20b")
                .forEach(field -> fields.add(field.getKey() + ": " + field.getValue()));

        assertThat(fields)
                .containsExactly(
                        ":method: POST",
                        ":scheme: https",
                        ":authority: example.com",
                        ":path: /a%20b?c=d&key=a%20b",
                        "accept: text/html",
                        "accept-encoding: gzip",
                        "content-length: 2",
                        "authorization: Bearer 1");
    }

    @ParameterizedTest
    @CsvSource({"'a b', c", "a:, b", "a, ' b'"})
    void refusesFieldsOfHttp2ThatCannotBeSent(String name, String value) {
        RequestHead head = RequestHead.of(plan(Method.GET, "http://example.com/", List.of(), null));

        assertNotSent(() -> head.http2(List.of(name, value), null));
    }

    @ParameterizedTest
    @CsvSource({
        "http://Example.com/, example.com",
        "http://example.com:80/, example.com",
        "http://example.com:443/, example.com:443",
        "https://example.com:443/, example.com",
        "http://my_service:8080/, my_service:8080",
        "'http://[::1]:9/', '[::1]:9'"
    })
    void namesHostWithoutUsualPort(String uri, String host) {
        assertThat(written(plan(Method.GET, uri, List.of(), null))).contains("\r\nhost: " + host + "\r\n");
    }

    @Test
    void writesSlashForEmptyPathAndEncodesCharactersOutsideOfAscii() {
        assertThat(written(plan(Method.GET, "http://a?q=\u00fc\u20ac", List.of(), null)))
                .startsWith("GET /?q=%C3%BC%E2%82%AC HTTP/1.1\r\n");
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void announcesEmptyBodyOfMethodsThatExpectOne(Method method) {
        boolean expects = method == Method.POST || method == Method.PUT || method == Method.PATCH;
        String head = written(plan(method, "http://a/", List.of(), null));
        assertThat(head.contains("content-length: 0\r\n")).isEqualTo(expects);
        assertThat(head).doesNotContain("transfer-encoding");
    }

    @Test
    void appendsSmallBody() {
        RequestBody body = RequestBody.of("{}".getBytes(StandardCharsets.US_ASCII));
        assertThat(written(plan(Method.POST, "http://a/", List.of(), body)))
                .contains("content-length: 2\r\n")
                .endsWith("\r\n\r\n{}");
    }

    @Test
    void addsHeadersOfAttemptAndReplacesPlannedOnesOfSameName() {
        RequestHead head =
                RequestHead.of(plan(Method.GET, "http://a/", List.of("x-a", "1", "x-A", "2", "x-b", "3"), null));
        for (int round = 0; round < 2; round++) {
            assertThat(written(head, List.of("x-c", "4")))
                    .contains("x-a: 1\r\nx-A: 2\r\nx-b: 3\r\n")
                    .contains("x-c: 4\r\n");
            assertThat(written(head, List.of("X-a", "5", "x-a", "6")))
                    .contains("x-b: 3\r\n")
                    .contains("x-a: 6\r\n")
                    .doesNotContain(": 1\r\n")
                    .doesNotContain(": 2\r\n")
                    .doesNotContain(": 5\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nEvil: 1", "a\nb", "a\0", " a", "a ", "\ta", "\u20ac"})
    void refusesValueThatCannotBeSent(String value) {
        assertNotSent(() -> written(plan(Method.GET, "http://a/", List.of("x-a", value), null)));
        assertNotSent(() -> written(plan(Method.GET, "http://a/", List.of(), null), "x-a", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x:a", "x a", "x\r\na", "\u00fc"})
    void refusesNameThatCannotBeSent(String name) {
        assertNotSent(() -> written(plan(Method.GET, "http://a/", List.of(), null), name, "a"));
    }

    @Test
    void refusesUriWithoutHost() {
        assertNotSent(() -> written(plan(Method.GET, "http://m\u00fcller_x/", List.of(), null)));
    }

    private static void assertNotSent(org.assertj.core.api.ThrowableAssert.ThrowingCallable writing) {
        assertThatThrownBy(writing).isInstanceOfSatisfying(ApiException.class, failure -> {
            assertThat((Object) failure.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
            assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
        });
    }
}
