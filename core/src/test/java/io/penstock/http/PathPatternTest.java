package io.penstock.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ErrorKind;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

    @ParameterizedTest
    @CsvSource({
        "scans, /v1/scans, true",
        "scans, /v1/scans/, false",
        "scans, /v1/scans/7, false",
        "scans, /scans, false",
        "/scans, /scans, true",
        "/scans, /v1/scans, false",
        "scans/{id}, /v1/scans/7, true",
        "scans/{id}, /v1/scans/, false",
        "scans/{id}, /v1/scans, false",
        "scans/{id}, /v1/scans/7/report, false",
        "scans/{id}/report, /v1/scans/a%2Fb/report, true",
        "scans/{id}/report, /v1/scans/7/report/, false",
        "search/**, /v1/search/code, true",
        "search/**, /v1/search/code/x, true",
        "search/**, /v1/search/, true",
        "search/**, /v1/search, true",
        "search/**, /v1/searches, false",
        "scans/{id}/**, /v1/scans/7/a/b, true",
        "**, /v1/anything, true",
        "**, /v2/anything, false",
        "/**, /v2/anything, true",
        "**/scans, /v1/scans, true",
        "**/scans, /scans, true",
        "**/scans, /v2/a/scans, true",
        "**/scans, /v1/oldscans, false",
        "**/scans, /v1/scans/7, false",
        "**/scans/{id}, /v1/scans/7, true",
        "**/scans/**, /v1/a/scans/7/b, true",
        "**/scans/scans, /scans/scans/scans, true",
        "a b/ä, /v1/a%20b/%C3%A4, true"
    })
    void matchesPathsInNotationOfRequests(String pattern, String path, boolean matches) {
        assertThat(PathPattern.of("limit", pattern, URI.create("https://api.example/v1"))
                        .matches(path))
                .isEqualTo(matches);
        assertThat(PathPattern.of("limit", pattern, URI.create("https://api.example/v1/"))
                        .matches(path))
                .isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "scans?page=2",
                "https://api.example/scans",
                "//api.example/scans",
                "a/../b",
                "a/**/b",
                "/**/b",
                "**/a/**/b",
                "a**",
                "a/{id}x",
                "a/{id",
                "a/{}",
                "a/{i}{d}"
            })
    void rejectsPatternThatNoPathMatches(String pattern) {
        assertThatThrownBy(() -> PathPattern.of("limit search", pattern, URI.create("https://api.example/v1")))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("limit search: ")
                .hasMessageContaining("expected:");
    }
}
