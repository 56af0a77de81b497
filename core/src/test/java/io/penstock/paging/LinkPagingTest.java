package io.penstock.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Journey;
import io.penstock.http.Headers;
import io.penstock.request.ApiRequest;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LinkPagingTest {

    private static final URI BASE = URI.create("https://api.example/v1/");
    private static final ApiRequest<Page<Integer>> FIRST = ApiRequest.get("things")
            .query("size", 2)
            .header("x-own", "1")
            .as(Payload.page(Integer.class, List.of("items"), List.of()));

    private static Page<Integer> page(String beside) {
        Map<String, JsonNode> more = new LinkedHashMap<>();
        new JsonMapper().readTree(beside).properties().forEach(m -> more.put(m.getKey(), m.getValue()));
        return new Page<>(List.of(1, 2), null, more);
    }

    private static @Nullable ApiRequest<Page<Integer>> linked(Paging paging, String link) {
        Headers headers = Headers.of("link", "<" + link + ">; rel=\"next\"");
        return paging.next(FIRST, page("{}"), new Paging.Head(FIRST.resolve(BASE), headers));
    }

    private static String followed(Paging paging, String link) {
        return String.valueOf(linked(paging, link).resolve(BASE));
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.example/v1/things?page=2&size=2, https://api.example/v1/things?page=2&size=2",
        "/v1/things?page=2, https://api.example/v1/things?page=2",
        "?page=2, https://api.example/v1/things?page=2",
        "things;v=2?page=2, https://api.example/v1/things;v=2?page=2",
        "https://API.example:443/v2/other?after=a%2Fb%3D, https://api.example/v2/other?after=a%2Fb%3D",
        "http://api.example/v1/things?page=2, https://api.example/v1/things?page=2",
        "http://api.example:80/v1/things?page=2, https://api.example/v1/things?page=2",
        "/v1/things?filter[x]=1|2#top, https://api.example/v1/things?filter[x]=1%7C2"
    })
    void followsLinkWithinOrigin(String link, String address) {
        assertThat(followed(Paging.linkHeader(), link)).isEqualTo(address);
    }

    @Test
    void keepsMethodHeadersAndCredential() {
        ApiRequest<Page<Integer>> next = linked(Paging.linkHeader(), "/v1/things?page=2");

        assertThat(next.isAnonymous()).isFalse();
        assertThat(next.headers()).containsExactly("x-own", "1");
        assertThat(next).hasToString("GET things");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/v1/things?page=2",
                "//evil.example/v1/things?page=2",
                "https://api.example.evil.example/things",
                "http://api.example.evil.example/things",
                "http://api.example:8080/v1/things",
                "https://api.example:8443/v1/things",
                "https://user:secret@api.example/v1/things",
                "ftp://api.example/things",
                "https://api.example /things"
            })
    void rejectsLinkToAnotherOriginWithoutQuotingIt(String link) {
        assertThatThrownBy(() -> linked(Paging.linkHeader(), link))
                .matches(ErrorKind.UNDECODABLE::matches)
                .hasMessageContaining("link to the next page, in header link")
                .hasMessageNotContaining("page=2")
                .hasMessageNotContaining("secret");
    }

    @Test
    void takesQueryAlone() {
        Paging paging = Paging.linkHeader().byQueryAlone();

        assertThat(followed(paging, "http://backend-7:8080/internal/things?page=2"))
                .isEqualTo("https://api.example/v1/things?page=2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"next\":null}", "{\"next\":\"\"}", "{\"next\":\" \"}"})
    void endsWithoutLink(String beside) {
        assertThat(Paging.nextUrl("/next").next(FIRST, page(beside), ListServer.HEAD))
                .isNull();
        assertThat(Paging.nextUrlInHeader("x-next").next(FIRST, page(beside), ListServer.HEAD))
                .isNull();
        assertThat(Paging.linkHeader().next(FIRST, page(beside), ListServer.HEAD))
                .isNull();
    }

    @Test
    void findsLinkInBodyOrInBareHeader() {
        Paging.Head head = new Paging.Head(FIRST.resolve(BASE), Headers.of("x-next", "?page=2"));

        assertThat(Paging.nextUrl("/links/next")
                        .next(FIRST, page("{\"links\":{\"next\":\"?page=3\"}}"), head)
                        .resolve(BASE))
                .hasToString("https://api.example/v1/things?page=3");
        assertThat(Paging.nextUrlInHeader("X-Next")
                        .next(FIRST, page("{}"), head)
                        .resolve(BASE))
                .hasToString("https://api.example/v1/things?page=2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"</a>; rel=next, </b>; rel=next", "</a>; rel=next, </b", "a; rel=next"})
    void rejectsContradictoryOrTruncatedLinks(String header) {
        Paging.Head head = new Paging.Head(FIRST.resolve(BASE), Headers.of("link", header));

        assertThatThrownBy(() -> Paging.linkHeader().next(FIRST, page("{}"), head))
                .matches(ErrorKind.UNDECODABLE::matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"next\":7}", "{\"next\":{\"href\":\"/a\"}}", "{\"next\":true}"})
    void rejectsMemberThatIsNoLink(String beside) {
        assertThatThrownBy(() -> Paging.nextUrl("/next").next(FIRST, page(beside), ListServer.HEAD))
                .matches(ErrorKind.UNDECODABLE::matches)
                .hasMessageContaining("/next is no link");
    }

    @Test
    void rejectsPointerThatIsNone() {
        assertThatThrownBy(() -> Paging.nextUrl("next"))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("nextUrl next");
        assertThatThrownBy(() -> Paging.nextUrlInHeader("x next")).isInstanceOf(ApiException.class);
    }

    /** Pages of two items behind links; page {@code i} links to what the array says. */
    private static @Nullable ApiException walkThrough(ListWalk<Integer> walk, String... links) {
        int at = 0;
        while (walk.request() != null && walk.contradiction() == null && at < 100) {
            URI address = walk.request().resolve(BASE);
            String link = links[at % links.length];
            Headers headers = link.isEmpty() ? Headers.none() : Headers.of("link", "<" + link + ">; rel=next");
            walk.turn(new Page<>(List.of(at), null), new Paging.Head(address, headers), Journey.none());
            at++;
        }
        assertThat(at).isLessThan(100);
        return walk.contradiction();
    }

    @Test
    void detectsCircleOfLinks() {
        ListWalk<Integer> walk = ListWalk.from(FIRST, Paging.linkHeader());

        assertThat(walkThrough(walk, "?page=2", "?page=3", "?page=1"))
                .matches(ErrorKind.UNDECODABLE::matches)
                .hasMessageContaining("was there before");
        assertThat(walkThrough(ListWalk.from(FIRST, Paging.linkHeader()), "?page=2", "?page=2"))
                .hasMessageContaining("just followed");
    }

    @Test
    void resumesAtLink() {
        ListWalk<Integer> walk = ListWalk.from(FIRST, Paging.linkHeader());
        Paging.Head head =
                new Paging.Head(FIRST.resolve(BASE), Headers.of("link", "</v1/things?after=x%3D>; rel=\"next\""));
        String token = walk.turn(page("{}"), head, Journey.none()).resumeToken();

        ListWalk<Integer> again = ListWalk.from(FIRST, Paging.linkHeader(), ResumeToken.read(token));
        assertThat(again.request().resolve(BASE)).hasToString("https://api.example/v1/things?after=x%3D");
    }
}
