package io.penstock.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Resolution by RFC 3986 §5, with its examples and with references that servers send. */
class LocationTest {

    private static final URI HERE = URI.create("https://api.example.com/v1/scans/7?page=2");

    private static Location of(URI from, String text) {
        return Location.of(from, List.of(text));
    }

    /** RFC 3986 §5.4.1 and §5.4.2, which have the base {@code http://a/b/c/d;p?q}; without fragments, which are not sent. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "g         | http://a/b/c/g",
                "./g       | http://a/b/c/g",
                "g/        | http://a/b/c/g/",
                "/g        | http://a/g",
                "//g       | http://g",
                "?y        | http://a/b/c/d;p?y",
                "g?y       | http://a/b/c/g?y",
                "#s        | http://a/b/c/d;p?q",
                "g#s       | http://a/b/c/g",
                "g?y#s     | http://a/b/c/g?y",
                ";x        | http://a/b/c/;x",
                "g;x       | http://a/b/c/g;x",
                "''        | http://a/b/c/d;p?q",
                ".         | http://a/b/c/",
                "./        | http://a/b/c/",
                "..        | http://a/b/",
                "../       | http://a/b/",
                "../g      | http://a/b/g",
                "../..     | http://a/",
                "../../    | http://a/",
                "../../g   | http://a/g",
                "../../../g    | http://a/g",
                "../../../../g | http://a/g",
                "/./g      | http://a/g",
                "/../g     | http://a/g",
                "g.        | http://a/b/c/g.",
                ".g        | http://a/b/c/.g",
                "g..       | http://a/b/c/g..",
                "..g       | http://a/b/c/..g",
                "./../g    | http://a/b/g",
                "./g/.     | http://a/b/c/g/",
                "g/./h     | http://a/b/c/g/h",
                "g/../h    | http://a/b/c/h",
                "g;x=1/./y | http://a/b/c/g;x=1/y",
                "g;x=1/../y | http://a/b/c/y",
                "g?y/./x   | http://a/b/c/g?y/./x",
                "g?y/../x  | http://a/b/c/g?y/../x"
            })
    void resolvesExamplesOfStandard(String reference, String target) {
        assertThat(of(URI.create("http://a/b/c/d;p?q"), reference).target()).hasToString(target);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a%2Fb?x=%20          | https://api.example.com/a%2Fb?x=%20",
                "/a%2?y=%              | https://api.example.com/a%252?y=%25",
                "/a\\b                 | https://api.example.com/a%5Cb",
                "/\\evil.example/a     | https://api.example.com/%5Cevil.example/a",
                "/a[1]?b[1]=2          | https://api.example.com/a%5B1%5D?b[1]=2",
                "/{id}?q=<x>           | https://api.example.com/%7Bid%7D?q=%3Cx%3E",
                "//a//b                | https://a//b",
                "/a//b/../c            | https://api.example.com/a//c",
                "//[::1]:8443/a        | https://[::1]:8443/a",
                "HTTPS://Files.example | https://Files.example",
                "./a:b                 | https://api.example.com/v1/scans/a:b"
            })
    void resolvesReferencesThatServersSend(String reference, String target) {
        assertThat(of(HERE, reference).target()).hasToString(target);
    }

    @Test
    void encodesCharactersForbiddenInUri() {
        assertThat(of(HERE, "/a|b?c|d").target()).hasToString("https://api.example.com/a%7Cb?c%7Cd");
    }

    @Test
    void encodesBytesOfUtf8Header() {
        assertThat(of(HERE, "/caf\u00c3\u00a9?q=\u00e4").target())
                .hasToString("https://api.example.com/caf%C3%A9?q=%E4");
        assertThat(of(HERE, "/\u65e5\ud83d\ude00").target())
                .hasToString("https://api.example.com/%E6%97%A5%F0%9F%98%80");
    }

    @Test
    void resolvesAgainstRootWithoutPath() {
        assertThat(of(URI.create("https://a"), "b").target()).hasToString("https://a/b");
        assertThat(of(URI.create("https://a"), "?b").target()).hasToString("https://a?b");
    }

    @Test
    void keepsHostThatJavaCannotParse() {
        URI base = URI.create("https://my_host:8443/a");

        assertThat(of(base, "/b").target()).hasToString("https://my_host:8443/b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.example.com/",
                "ftp://a/",
                "javascript:alert(1)",
                "mailto:a@b",
                "a:b",
                "https:",
                "https:a",
                "https://",
                "https:///a",
                "//",
                "///a",
                "//user@files.example/",
                "//api.example.com@evil.example/",
                "https://user:s3cr3t@files.example/",
                "//evil.example\\@api.example.com/",
                "//a:99999/",
                "//a:b/",
                "//a b/",
                "/s3cr3t with blanks",
                "/a\tb",
                "/a\u0000b",
                "/a\nb",
                "/a\u007f",
                "//f\u00fcr.example/",
                "//[::1/",
                "//a%2fb/"
            })
    void refusesUnusableLocationWithoutShowingIt(String reference) {
        Location location = of(HERE, reference);

        assertThat(location.target()).isNull();
        assertThat(location.reason()).isNotEmpty().doesNotContain("s3cr3t");
    }

    static Stream<List<String>> oneTarget() {
        return Stream.of(List.of("/a"), List.of("/a", "/a"), List.of(" /a", "/a\t"));
    }

    @ParameterizedTest
    @MethodSource("oneTarget")
    void acceptsEqualHeadersAsOne(List<String> values) {
        assertThat(Location.of(HERE, values).target()).hasToString("https://api.example.com/a");
    }

    @Test
    void refusesMissingAndDifferingHeaders() {
        assertThat(Location.of(HERE, List.of()).reason()).isEqualTo("there is none");
        assertThat(Location.of(HERE, List.of("/a", "/b")).reason()).isEqualTo("there are several, which differ");
    }

    @Test
    void limitsLength() {
        assertThat(of(HERE, "/" + "a".repeat(Location.MOST_CHARACTERS - 1)).target())
                .isNotNull();
        assertThat(of(HERE, "/" + "a".repeat(Location.MOST_CHARACTERS)).reason())
                .contains("8192");
    }
}
