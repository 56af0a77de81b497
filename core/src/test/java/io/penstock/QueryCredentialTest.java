package io.penstock;

import static io.penstock.Lab.SPEC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.StubTransport.Answer;
import io.penstock.auth.CredentialScheme;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import io.penstock.paging.Paging;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.SentCredential;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A credential in a query parameter: where it goes, and where it must not. */
class QueryCredentialTest {

    private static final String KEY = "pk_live_0123456789abcdef";
    private static final VendorSpec IN_QUERY = SPEC.withCredential(CredentialScheme.query("api_key"));
    private static final Payload<Page<String>> LIST = Payload.page(String.class, List.of("items"), List.of());

    private final Lab lab = new Lab();
    private final List<String> queries = new ArrayList<>();

    /** What authentication adds to the query, and then the answer. */
    private StubTransport answering(Answer... answers) {
        return new StubTransport((n, call) -> {
            queries.add(String.valueOf(queryOf(call)));
            return answers[Math.min(n, answers.length) - 1];
        });
    }

    private static String queryOf(Attempt call) {
        SentCredential credential = call.credential();
        return credential == null ? null : credential.query();
    }

    private ApiClient client(StubTransport wire) {
        return lab.client(IN_QUERY, wire).secret(Secret.of(KEY)).build();
    }

    private static Answer moved(String location) {
        return new Answer(302, "", Headers.of("location", location));
    }

    private static Answer page(String body, String... headers) {
        List<String> all = new ArrayList<>(List.of("content-type", "application/json", "content-length", "9"));
        all.addAll(List.of(headers));
        return new Answer(200, body, Headers.of(all.toArray(new String[0])));
    }

    @Test
    void addsKeyToQueryOfOwnOrigin() {
        StubTransport wire = answering(Answer.of(200, "{}"));

        lab.value(client(wire).value(ApiRequest.get("things").query("a", 1)));

        assertThat(queries).containsExactly("api_key=" + KEY);
        assertThat(wire.sent.get(0).line()).isEqualTo("GET https://api.example.com/v1/things?a=1");
    }

    @Test
    void removesKeyThatServerHasCopiedIntoForeignLocation() {
        StubTransport wire = answering(
                moved("https://files.example.net/a?api_key=" + KEY + "&sig=1&x=%70k_live_0123456789abcdef"),
                Answer.of(200, "{}"));

        lab.value(client(wire).value(ApiRequest.get("a").followRedirects(1)));

        assertThat(wire.sent.get(1).line()).isEqualTo("GET https://files.example.net/a?sig=1");
        assertThat(queries).containsExactly("api_key=" + KEY, "null");
    }

    @Test
    void keepsForeignParameterOfSameName() {
        StubTransport wire = answering(moved("https://files.example.net/a?api_key=signature"), Answer.of(200, "{}"));

        lab.value(client(wire).value(ApiRequest.get("a").followRedirects(1)));

        assertThat(wire.sent.get(1).line()).isEqualTo("GET https://files.example.net/a?api_key=signature");
    }

    @Test
    void keepsForeignParameterAcrossFurtherForeignRedirects() {
        StubTransport wire = answering(
                moved("https://files.example.net/a"),
                moved("https://files.example.net/b?api_key=signature"),
                Answer.of(200, "{}"));

        lab.value(client(wire).value(ApiRequest.get("a").followRedirects(2)));

        assertThat(wire.sent.get(2).line()).isEqualTo("GET https://files.example.net/b?api_key=signature");
    }

    @Test
    void sendsKeyOnceAfterRedirectWithinOrigin() {
        StubTransport wire = answering(moved("/v2/a?api_key=old&b=2"), Answer.of(200, "{}"));

        lab.value(client(wire).value(ApiRequest.get("a").followRedirects(1)));

        assertThat(wire.sent.get(1).line()).isEqualTo("GET https://api.example.com/v2/a?b=2");
        assertThat(queries).containsExactly("api_key=" + KEY, "api_key=" + KEY);
    }

    @Test
    void masksKeyInJourneyOfRedirect() {
        StubTransport wire = answering(moved("/v2/" + KEY + "/a"), Answer.of(404, "{}"));

        ApiException failed = lab.failure(client(wire).value(ApiRequest.get("a").followRedirects(1)));

        assertThat(failed.journey().notes()).anyMatch(note -> note.contains("followed to"));
        assertThat(String.join("", failed.journey().notes())).doesNotContain(KEY);
    }

    @Test
    void followsNextLinkWithoutKeyThatServerHasCopied() {
        StubTransport wire = answering(
                page("{\"items\":[\"a\"]}", "link", "</v1/things?page=2&api_key=" + KEY + ">; rel=\"next\""),
                page("{\"items\":[\"b\"]}"));
        List<Page<String>> pages = new ArrayList<>();

        client(wire)
                .pages(ApiRequest.get("things").as(LIST), Paging.linkHeader())
                .subscribe(pages::add);
        lab.time.advanceTime();

        assertThat(wire.sent).hasSize(2);
        assertThat(wire.sent.get(1).line()).isEqualTo("GET https://api.example.com/v1/things?page=2");
        assertThat(queries).containsExactly("api_key=" + KEY, "api_key=" + KEY);
        String token = String.valueOf(pages.get(0).resumeToken());
        String decoded = new String(
                Base64.getUrlDecoder().decode(token.substring(token.indexOf('.') + 1)), StandardCharsets.ISO_8859_1);
        assertThat(decoded).contains("/v1/things?page=2").doesNotContain(KEY);
    }

    @Test
    void resumesWithAnotherKey() {
        StubTransport wire = answering(
                page("{\"items\":[\"a\"]}", "link", "</v1/things?page=2&api_key=" + KEY + ">; rel=\"next\""),
                page("{\"items\":[\"b\"]}"));
        ApiRequest<Page<String>> list = ApiRequest.get("things").as(LIST);
        List<Page<String>> pages = new ArrayList<>();
        client(wire).pages(list, Paging.linkHeader()).take(1).subscribe(pages::add);
        ApiClient other =
                lab.client(IN_QUERY, wire).secret(Secret.of("another-key")).build();

        other.pages(list, Paging.linkHeader())
                .resumeFrom(String.valueOf(pages.get(0).resumeToken()))
                .subscribe(pages::add);
        lab.time.advanceTime();

        assertThat(pages).hasSize(2);
        assertThat(queries.get(1)).isEqualTo("api_key=another-key");
    }

    @Test
    void rejectsParameterBesideCredential() {
        StubTransport wire = answering(Answer.of(200, "{}"));

        ApiException failed = lab.failure(client(wire).value(ApiRequest.get("a").query("api_key", "mine-0123456")));

        assertThatObject(failed.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(failed)
                .hasMessageContaining("query parameter api_key: given beside the credential")
                .hasMessageNotContaining("mine-0123456");
        assertThat(wire.sent).isEmpty();
    }

    @Test
    void leavesKeyOutOfAnonymousRequest() {
        StubTransport wire = answering(Answer.of(200, "{}"));

        lab.value(client(wire).value(ApiRequest.get("a").anonymous()));

        assertThat(queries).containsExactly("null");
    }

    @Test
    void masksEchoedKeyInEverySpelling() {
        String encoded = "k%26y%3D0123456789";
        StubTransport wire =
                answering(Answer.of(400, "{\"message\":\"bad GET /v1/a?api_key=" + encoded + " for k&y=0123456789\"}"));
        ApiClient client =
                lab.client(IN_QUERY, wire).secret(Secret.of("k&y=0123456789")).build();

        ApiException failed = lab.failure(client.value(ApiRequest.get("a")));

        assertThat(failed + failed.journey().toString() + failed.bodyExcerpt() + failed.serverMessage())
                .contains("****")
                .doesNotContain(encoded)
                .doesNotContain("k&y=0123456789");
    }

    @Test
    void explainsPlaceWithoutKey() {
        ApiRequest<JsonNode> request = ApiRequest.get("a");

        assertThat(client(answering(Answer.of(200, "{}"))).inspect().explain(request))
                .contains("query ?api_key=****, to https://api.example.com only")
                .doesNotContain(KEY);
    }
}
