package io.penstock.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.request.ApiRequest;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

    private static final URI BASE = URI.create("https://api.example.com/v1");

    private static String resolved(ApiRequest<?> request) {
        return request.resolve(BASE).toString();
    }

    private static void refused(ThrowingCallable made, String... parts) {
        assertThatThrownBy(made)
                .isInstanceOf(ApiException.class)
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContainingAll(parts)
                .hasMessageMatching("[^\\p{Cntrl}]*");
    }

    static Stream<Arguments> encodings() {
        return Stream.of(
                arguments("plain-._~09azAZ", "plain-._~09azAZ"),
                arguments("a b", "a%20b"),
                arguments("a+b", "a%2Bb"),
                arguments("a/b", "a%2Fb"),
                arguments("a\\b", "a%5Cb"),
                arguments("a?b=c&d", "a%3Fb%3Dc%26d"),
                arguments("a#b", "a%23b"),
                arguments("100%", "100%25"),
                arguments("%2F", "%252F"),
                arguments("{x}|", "%7Bx%7D%7C"),
                arguments("\"<>^`", "%22%3C%3E%5E%60"),
                arguments("a:b@c;d,e", "a%3Ab%40c%3Bd%2Ce"),
                arguments("ä", "%C3%A4"),
                arguments("€", "%E2%82%AC"),
                arguments("日本", "%E6%97%A5%E6%9C%AC"),
                arguments("😀", "%F0%9F%98%80"),
                arguments("...", "..."),
                arguments("a..", "a.."));
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void encodesPathValuesAndQueryToUnreservedCharacters(String value, String encoded) {
        assertThat(resolved(ApiRequest.get("scans/{id}/x").path("id", value)))
                .isEqualTo("https://api.example.com/v1/scans/" + encoded + "/x");
        assertThat(resolved(ApiRequest.get("scans").query("q", value)))
                .isEqualTo("https://api.example.com/v1/scans?q=" + encoded);
        assertThat(resolved(ApiRequest.get("scans").query(value, 1)))
                .isEqualTo("https://api.example.com/v1/scans?" + encoded + "=1");
    }

    @Test
    void encodesValuesReversibly() {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            String value = randomText(random);
            URI uri =
                    ApiRequest.get("a/{v}/b").path("v", value).query("q", value).resolve(BASE);

            String raw = uri.getRawPath();
            String segment = raw.substring("/v1/a/".length(), raw.length() - "/b".length());
            assertThat(segment).as("seed %d", seed).matches("[A-Za-z0-9._~%-]+");
            assertThat(URLDecoder.decode(segment, StandardCharsets.UTF_8))
                    .as("seed %d", seed)
                    .isEqualTo(value);
            assertThat(URLDecoder.decode(uri.getRawQuery().substring(2), StandardCharsets.UTF_8))
                    .as("seed %d", seed)
                    .isEqualTo(value);
        }
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        IntStream.range(0, 1 + random.nextInt(12)).forEach(i -> {
            int c;
            do {
                c = random.nextBoolean() ? random.nextInt(0x20, 0x7f) : random.nextInt(0xa0, Character.MAX_CODE_POINT);
            } while (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
            text.appendCodePoint(c);
        });
        String s = text.toString();
        return s.equals(".") || s.equals("..") ? "dots" : s;
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.example.com/v1,    scans,        https://api.example.com/v1/scans",
        "https://api.example.com/v1/,   scans,        https://api.example.com/v1/scans",
        "https://api.example.com,       scans,        https://api.example.com/scans",
        "https://api.example.com/,      scans,        https://api.example.com/scans",
        "https://api.example.com/v1,    scans/,       https://api.example.com/v1/scans/",
        "https://api.example.com/v1,    /token-packs, https://api.example.com/token-packs",
        "https://api.example.com:8443/v1, /a/b/,      https://api.example.com:8443/a/b/",
        "http://localhost:1/x/y/,       a//b,         http://localhost:1/x/y/a//b",
        "https://[::1]:9/v1,            scans,        https://[::1]:9/v1/scans",
        "https://api.example.com/v1,    '',           https://api.example.com/v1/"
    })
    void resolvesPathBelowBaseOrAtItsRoot(URI base, String path, String expected) {
        assertThat(ApiRequest.get(path).resolve(base)).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "a%2Fb,      /v1/a%2Fb",
        "a%2fb,      /v1/a%2fb",
        "100%,       /v1/100%25",
        "a%zz,       /v1/a%25zz",
        "a%2,        /v1/a%252",
        "a b,        /v1/a%20b",
        "ä,          /v1/%C3%A4",
        "a%０００,   /v1/a%25%EF%BC%90%EF%BC%90%EF%BC%90",
        "a{b,        /v1/a%7Bb",
        "a}b|,       /v1/a%7Db%7C",
        "a:b@c;d=e,  /v1/a:b@c;d=e"
    })
    void keepsEscapesOfLiteralsAndAddsMissingOnes(String path, String expected) {
        assertThat(ApiRequest.get(path).resolve(BASE).getRawPath()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "a/../b", "a/./b", "../a", "a/..", "/../a", "%2e%2e/a", "a/.%2E", "a/%2E/b"})
    void refusesDotSegmentsInPathsAtOnce(String path) {
        refused(() -> ApiRequest.get(path), "path " + path, "names another level");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "%2e", "%2E.", ".%2e"})
    void refusesDotSegmentsAsValues(String value) {
        refused(() -> resolved(ApiRequest.get("scans/{id}").path("id", value)), "value of {id}", "another level");
        refused(() -> resolved(ApiRequest.get(".{id}").path("id", value)), "value of {id}", "another level");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil.example", "https://evil.example/x", "a/http://b"})
    void refusesPathThatNamesHost(String path) {
        refused(() -> ApiRequest.get(path), path, "names a host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scans?x=1", "scans#top", "?", "#"})
    void refusesPathWithQueryOrFragment(String path) {
        refused(() -> ApiRequest.get(path), "path " + path, "query or a fragment");
    }

    @ParameterizedTest
    @ValueSource(chars = {'\r', '\n', '\0', '\t', '\u001b', '\u007f', '\u0085', '\u009f'})
    void refusesControlCharactersEverywhereAtOnce(char control) {
        String bad = "a" + control + "b";
        String code = String.format("U+%04X", (int) control);
        refused(() -> ApiRequest.get(bad), "character 2", code);
        refused(() -> ApiRequest.get("scans/{id}").path("id", bad), "character 2", code);
        refused(() -> ApiRequest.get("scans").query("q", bad), "query parameter q", "character 2", code);
        refused(() -> ApiRequest.get("scans").query(bad, "v"), "character 2", code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "a\ude00", "\ude00\ud83d", "x\ud83dy"})
    void refusesHalfOfSurrogatePair(String text) {
        refused(() -> ApiRequest.get("scans/{id}").path("id", text), "surrogate");
        refused(() -> ApiRequest.get("scans").query("q", text), "surrogate");
        refused(() -> ApiRequest.get(text), "surrogate");
    }

    @Test
    void refusesEmptyValueAtOnce() {
        refused(() -> ApiRequest.get("scans/{id}").path("id", ""), "value of {id}", "empty");
    }

    @Test
    void namesPlaceholderWithoutValue() {
        refused(
                () -> resolved(ApiRequest.get("scans/{id}/{part}").path("id", 7)),
                "path scans/{id}/{part}",
                "no value for {part}");
    }

    @Test
    void namesValueWithoutPlaceholder() {
        refused(() -> resolved(ApiRequest.get("scans").path("id", 7)), "path scans", "values for [id]");
    }

    @Test
    void namesValueWithoutPlaceholderWhenAnotherOccursTwice() {
        refused(
                () -> resolved(ApiRequest.get("{a}/{a}").path("a", 1).path("b", 2)),
                "path {a}/{a}",
                "values for [a, b]");
    }

    @Test
    void refusesNameGivenTwice() {
        refused(
                () -> resolved(ApiRequest.get("scans/{id}").path("id", 1).path("id", 2)),
                "values for [id]",
                "each given once");
    }

    @Test
    void fillsRepeatedPlaceholderWithSameValue() {
        assertThat(resolved(ApiRequest.get("{a}/x/{a}").path("a", 1))).isEqualTo("https://api.example.com/v1/1/x/1");
    }

    @Test
    void doesNotTakeValueForPlaceholder() {
        assertThat(resolved(ApiRequest.get("{a}/{b}").path("a", "{b}").path("b", "x")))
                .isEqualTo("https://api.example.com/v1/%7Bb%7D/x");
    }

    @Test
    void cutsLongTextAndShowsNoValueInMessages() {
        refused(() -> ApiRequest.get("x".repeat(500) + "\n"), "x".repeat(80) + "…");
        assertThatThrownBy(() -> ApiRequest.get("scans").query("token", "s3cr3t\n"))
                .hasMessageNotContaining("s3cr3t");
    }
}
