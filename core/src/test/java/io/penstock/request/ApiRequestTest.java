package io.penstock.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.body.Payload;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiRequestTest {

    private static final URI BASE = URI.create("https://api.example.com/v1");

    @Test
    void returnsNewRequestFromEachStep() {
        ApiRequest<?> first = ApiRequest.post("scans");
        ApiRequest<?> second = first.query("q", 1)
                .header("x-a", "1")
                .body(Map.of("target", "t"))
                .idempotencyKey(IdempotencyKey.of("k"))
                .anonymous()
                .deadline(Duration.ofSeconds(3))
                .as(Payload.none());

        assertThat(first.resolve(BASE)).hasToString("https://api.example.com/v1/scans");
        assertThat(first.headers()).isEmpty();
        assertThat(first.body()).isNull();
        assertThat(first.key()).isNull();
        assertThat(first.isAnonymous()).isFalse();
        assertThat(first.deadline()).isNull();
        assertThat(first.payload()).isSameAs(Payload.tree());

        assertThat(second.resolve(BASE)).hasToString("https://api.example.com/v1/scans?q=1");
        assertThat(second.headers()).containsExactly("x-a", "1");
        assertThat(second.body()).isEqualTo(Map.of("target", "t"));
        assertThat(second.key()).isEqualTo(IdempotencyKey.of("k"));
        assertThat(second.isAnonymous()).isTrue();
        assertThat(second.deadline()).isEqualTo(Duration.ofSeconds(3));
        assertThat(second.payload()).isSameAs(Payload.none());
    }

    @Test
    void returnsUnmodifiableHeaders() {
        List<String> headers = ApiRequest.get("scans").header("a", "b").headers();

        assertThatThrownBy(() -> headers.add("x")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void ignoresNullQueryValue() {
        ApiRequest<?> request = ApiRequest.get("scans");

        assertThat(request.query("cursor", null)).isSameAs(request);
    }

    @Test
    void keepsOrderOfRepeatedQueryNames() {
        assertThat(ApiRequest.get("scans")
                        .query("s", "b")
                        .query("t", true)
                        .query("s", "a")
                        .query("e", "")
                        .resolve(BASE)
                        .getRawQuery())
                .isEqualTo("s=b&t=true&s=a&e=");
    }

    @Test
    void copiesShareResolutionUntilPathValuesOrQueryChange() {
        ApiRequest<?> request = ApiRequest.post("scans/{id}").path("id", 7).query("q", 1);
        URI uri = request.header("x-a", "1").body(Map.of("target", "t")).resolve(BASE);

        assertThat(uri).hasToString("https://api.example.com/v1/scans/7?q=1");
        assertThat(request.as(Payload.none()).anonymous().resolve(BASE)).isSameAs(uri);
        assertThat(request.query("r", 2).resolve(BASE)).hasToString("https://api.example.com/v1/scans/7?q=1&r=2");
        assertThat(request.withoutQuery("q").resolve(BASE)).hasToString("https://api.example.com/v1/scans/7");
        assertThat(ApiRequest.post("scans/{id}").path("id", 8).resolve(BASE))
                .hasToString("https://api.example.com/v1/scans/8");
        assertThat(request.resolve(BASE)).isSameAs(uri);
    }

    @Test
    void cachesLastResolutionAndResolvesEveryBase() {
        ApiRequest<?> request = ApiRequest.get("scans/{id}").path("id", 7);
        URI other = URI.create("http://localhost:8080/");

        URI first = request.resolve(BASE);
        assertThat(request.resolve(URI.create("https://api.example.com/v1"))).isSameAs(first);
        assertThat(request.resolve(other)).hasToString("http://localhost:8080/scans/7");
        assertThat(request.resolve(BASE)).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, IDEMPOTENT, IDEMPOTENT",
        "HEAD, IDEMPOTENT, IDEMPOTENT",
        "OPTIONS, IDEMPOTENT, IDEMPOTENT",
        "PUT, IDEMPOTENT, IDEMPOTENT",
        "DELETE, IDEMPOTENT, IDEMPOTENT",
        "POST, UNSAFE, KEYED",
        "PATCH, UNSAFE, KEYED"
    })
    void derivesRetryClassFromMethodAndKey(Method method, RetryClass plain, RetryClass keyed) {
        ApiRequest<?> request = ApiRequest.of(method, "scans");

        assertThat(request.retryClass()).isEqualTo(plain);
        assertThat(request.idempotencyKey(IdempotencyKey.of("k")).retryClass()).isEqualTo(keyed);
        assertThat(request.idempotent().retryClass()).isEqualTo(RetryClass.IDEMPOTENT);
        assertThat(request.unsafe().retryClass()).isEqualTo(RetryClass.UNSAFE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a:b", "a\nb", "a\rb", "a\0b", "ä", "a(b", "a/b", "a\tb"})
    void refusesHeaderNamesThatAreNotTokens(String name) {
        assertThatThrownBy(() -> ApiRequest.get("scans").header(name, "v"))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageStartingWith("header name ")
                .hasMessageMatching("[^\\p{Cntrl}]*");
    }

    @Test
    void refusesEmptyHeaderName() {
        assertThatThrownBy(() -> ApiRequest.get("scans").header("", "v"))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessage("header name : empty (expected: a token as in RFC 9110 §5.6.2)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cr3t\r\nEvil: 1",
                "s3cr3t\n",
                "s3cr3t\0",
                "s3cr3t\u001f",
                "s3cr3t\u007f",
                "s3cr3t€",
                "s3cr3t😀"
            })
    void refusesUnsafeHeaderValuesWithoutShowingThem(String value) {
        assertThatThrownBy(() -> ApiRequest.get("scans").header("x-a", value))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageStartingWith("header x-a: character 7 of its value is U+")
                .hasMessageNotContaining("s3cr3t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v", "a b\tc", "!\"#$%&'()*+,-./", "caf\u00e9", "\u00ff"})
    void acceptsHeaderValuesOfRfc9110(String value) {
        assertThat(ApiRequest.get("scans").header("X-a", value).headers()).containsExactly("X-a", value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "content-length", "Transfer-Encoding", "CONNECTION", "upgrade", "TE", "Expect"})
    void refusesHeadersOfTransport(String name) {
        assertThatThrownBy(() -> ApiRequest.get("scans").header(name, "v"))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessage("header " + name + ": set by the transport itself (expected: any other header)");
    }

    @Test
    void refusesInvalidContentTypeOfBytes() {
        assertThatThrownBy(() -> ApiRequest.post("scans").body(new byte[0], "text/plain\r\nEvil: 1"))
                .matches(ErrorKind.INVALID_REQUEST::matches);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 11})
    void refusesRedirectLimitOutOfRange(int most) {
        assertThatThrownBy(() -> ApiRequest.get("scans").followRedirects(most))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessage("followRedirects: " + most + " (expected: 0 to 10)");
    }

    @ParameterizedTest
    @EnumSource(value = Method.class, mode = EnumSource.Mode.EXCLUDE, names = "GET")
    void refusesRedirectsForOtherMethodsThanGet(Method method) {
        assertThatThrownBy(() -> ApiRequest.of(method, "scans").followRedirects(1))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessage("followRedirects: " + method + " (expected: a GET)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S"})
    void refusesDeadlineThatIsNotPositive(Duration deadline) {
        assertThatThrownBy(() -> ApiRequest.get("scans").deadline(deadline))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessage("deadline: " + deadline + " (expected: more than zero)");
    }

    @Test
    void refusesDeadlineThatOverflowsTheClock() {
        assertThatThrownBy(() -> ApiRequest.get("scans").deadline(Duration.ofSeconds(Long.MAX_VALUE)))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageStartingWith("deadline: ");
    }

    @Test
    void printsMethodAndTemplateOnly() {
        assertThat(ApiRequest.post("scans/{id}")
                        .path("id", "s3cr3t")
                        .query("token", "s3cr3t")
                        .header("x-a", "s3cr3t")
                        .body(Map.of("a", "s3cr3t")))
                .hasToString("POST scans/{id}");
    }
}
