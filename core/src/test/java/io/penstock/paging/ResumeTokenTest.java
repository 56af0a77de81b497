package io.penstock.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.request.ApiRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTokenTest {

    private static final ApiRequest<Page<Integer>> REQUEST = ListServer.LIST
            .query("q", "a-secret-query")
            .query("cursor", "c0")
            .header("x-api-key", "a-secret-header")
            .body(Map.of("filters", Map.of("state", "open", "owner", List.of(1, 2)), "depth", 3));

    private static String token() {
        return ListWalk.from(REQUEST, ListServer.CURSOR).token();
    }

    private static Pages<Integer> pages(ApiRequest<Page<Integer>> request) {
        return Pages.of(new ListServer(9, 2), request, ListServer.CURSOR);
    }

    @Test
    void readsTokenAsWritten() {
        ResumeToken token =
                new ResumeToken(7, new ResumeToken.Progress(1L << 40, 9, 3), -5, 6, List.of("c/ü?&=", "", "12"));

        assertThat(ResumeToken.read(token.text())).isEqualTo(token);
        assertThat(ResumeToken.read(" " + token.text() + "\n")).isEqualTo(token);
    }

    @Test
    void keepsSecretsAndUnsafeCharactersOutOfToken() {
        String token = token();

        assertThat(token).matches("p1\\.[A-Za-z0-9_-]+").hasSizeLessThan(120);
        assertThat(new String(Base64.getUrlDecoder().decode(token.substring(3)), StandardCharsets.ISO_8859_1))
                .contains("c0")
                .doesNotContain("secret", "numbers", "open");
    }

    static Stream<ApiRequest<Page<Integer>>> otherLists() {
        return Stream.of(
                REQUEST.withQuery("q", "other"),
                REQUEST.query("more", "1"),
                REQUEST.withoutQuery("q"),
                REQUEST.body(Map.of("filters", Map.of("state", "closed", "owner", List.of(1, 2)), "depth", 3)),
                ApiRequest.get("letters").query("q", "a-secret-query").as(ListServer.LIST.payload()),
                ApiRequest.post("numbers").query("q", "a-secret-query").as(ListServer.LIST.payload()));
    }

    @ParameterizedTest
    @MethodSource("otherLists")
    void refusesTokenOfAnotherList(ApiRequest<Page<Integer>> other) {
        assertThatThrownBy(() -> pages(other).resumeFrom(token()))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("resume token: of another list (expected: one of " + other);
    }

    @Test
    void refusesTokenOfAnotherPathOrPaging() {
        ApiRequest<Page<Integer>> of = ApiRequest.get("owners/{id}/numbers").as(ListServer.LIST.payload());
        String token = ListWalk.from(of.path("id", 1), ListServer.CURSOR).token();

        pages(of.path("id", 1)).resumeFrom(token);
        assertThatThrownBy(() -> pages(of.path("id", 2)).resumeFrom(token))
                .hasMessageContaining("of another list")
                .hasMessageNotContaining("owners/2");
        assertThatThrownBy(() -> Pages.of(new ListServer(9, 2), of.path("id", 1), Paging.single())
                        .resumeFrom(token))
                .hasMessageContaining("of another list");
    }

    @Test
    void acceptsTokenForAnyStartAndAnyOrderOfBodyMembers() {
        pages(REQUEST.withQuery("cursor", "c7")).resumeFrom(token());
        pages(REQUEST.withoutQuery("cursor")).resumeFrom(token());
        pages(REQUEST.body(new java.util.LinkedHashMap<>(Map.of(
                        "depth",
                        3,
                        "filters",
                        new java.util.TreeMap<>(Map.of("owner", List.of(1, 2), "state", "open"))))))
                .resumeFrom(token());
    }

    @Test
    void refusesDamagedToken() {
        String token = token();
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder damaged = new StringBuilder(token);
            int at = 3 + random.nextInt(token.length() - 3);
            switch (random.nextInt(3)) {
                case 0 -> damaged.setCharAt(at, damaged.charAt(at) == 'A' ? 'B' : 'A');
                case 1 -> damaged.deleteCharAt(at);
                default -> damaged.setLength(at);
            }
            if (decodesToTheSame(damaged.toString(), token)) {
                continue;
            }
            assertThatThrownBy(() -> pages(REQUEST).resumeFrom(damaged.toString()))
                    .as("seed " + seed + ", " + damaged)
                    .isInstanceOf(ApiException.class)
                    .matches(ErrorKind.INVALID_REQUEST::matches)
                    .hasMessage("resume token: damaged (expected: the whole token, unchanged)");
        }
    }

    /** The last character of a Base64 text may have unused bits. */
    private static boolean decodesToTheSame(String one, String other) {
        try {
            return java.util.Arrays.equals(
                    Base64.getUrlDecoder().decode(one.substring(3)),
                    Base64.getUrlDecoder().decode(other.substring(3)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "p1", "cursor-of-the-server", "eyJhIjoxfQ", "p1.", "p1.!!!!"})
    void refusesOtherTextWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> pages(REQUEST).resumeFrom(text))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageStartingWith("resume token: ")
                .hasMessageNotContaining("cursor-of-the-server");
    }

    @Test
    void refusesTokenOfLaterVersion() {
        assertThatThrownBy(() -> pages(REQUEST).resumeFrom("p2.AAAA"))
                .matches(ErrorKind.INVALID_REQUEST::matches)
                .hasMessageContaining("version 2 (expected: version 1");
    }
}
