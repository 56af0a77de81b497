package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.auth.CredentialScheme;
import io.penstock.request.ApiRequest;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadArgumentsTest {

    private static final String SECRET = "pk_test_0123456789abcdef";

    private static Arguments bad(String expectedText, String... args) {
        return Arguments.of(expectedText, args);
    }

    private static Arguments badCall(String expectedText, String... options) {
        String[] args = Stream.concat(Stream.of("call", "pentify", "GET", "usage"), Stream.of(options))
                .toArray(String[]::new);
        return bad(expectedText, args);
    }

    private static Arguments badPoll(String expectedText, String... options) {
        return bad(
                expectedText,
                Stream.concat(Stream.of("poll", "pentify"), Stream.of(options)).toArray(String[]::new));
    }

    static Stream<Arguments> badArguments() {
        return Stream.of(
                bad("command: none given"),
                bad("argument fetch", "fetch"),
                bad("METHOD", "call", "pentify"),
                bad("vendor: nobody (expected one of: infraon", "call", "nobody", "GET", "x"),
                bad("method FETCH: unknown", "call", "pentify", "FETCH", "x"),
                bad("path usage?a=b: holds a query", "call", "pentify", "GET", "usage?a=b"),
                bad("path scans/{id}: holds a placeholder", "call", "pentify", "GET", "scans/{id}"),
                bad("names a host", "call", "pentify", "GET", "https://evil.example/x"),
                bad("names another level", "call", "pentify", "GET", "../x"),
                bad("\\u000a", "call", "pentify", "GET", "usage\nx"),
                badCall("--query limit: no \"=\"", "--query", "limit"),
                badCall("--query =1: no name", "--query", "=1"),
                badCall("--header x: no \":\"", "--header", "x"),
                badCall("--header :x: no name", "--header", ":x"),
                badCall("U+000D", "--header", "x:a\r\nInjected: yes"),
                badCall("U+000A", "--header", "x:a\n"),
                badCall("header name x\\u000a", "--header", "x\n:a"),
                badCall("--header authorization: holds a credential", "--header", "authorization:Bearer " + SECRET),
                badCall("--body: not JSON at line 1", "--body", "{\"a\":}"),
                badCall("--body: not JSON", "--body", "{} {}"),
                badCall("--body: empty", "--body", " "),
                badCall("--body /no/such/file: no such file", "--body", "@/no/such/file"),
                badCall("is a directory", "--body", "@/"),
                badCall("--deadline soon: not a duration", "--deadline", "soon"),
                badCall("--deadline 30: not a duration", "--deadline", "30"),
                badCall("--deadline 0s: out of range", "--deadline", "0s"),
                badCall("--deadline -1s: not a duration", "--deadline", "-1s"),
                badCall("--deadline P1Y: not a duration", "--deadline", "P1Y"),
                badCall("--deadline PT999999999H: out of range", "--deadline", "PT999999999H"),
                badCall("--deadline", "--deadline"),
                badCall("--base-url, baseUri: ftp://x: no scheme", "--base-url", "ftp://x"),
                badCall("--base-url, baseUri: http://a b", "--base-url", "http://a b"),
                badCall("--base-url, baseUri: http://…: no host", "--base-url", "http://:80"),
                badCall("idempotency key: GET usage takes none", "--idempotency-key", "k"),
                badCall("idempotency key: 0 characters, blank", "--idempotency-key", ""),
                badCall("more than one given", "--secret-env", "A", "--secret-file", "b"),
                badCall("more than one given", "--anonymous", "--secret-env", "A"),
                badCall("--secret-env: no such variable", "--secret-env", SECRET),
                badCall("--secret-file /no/such/file: no such file", "--secret-file", "/no/such/file"),
                badCall("never taken from an argument", "--secret", SECRET),
                badCall("never taken from an argument", "--secret=" + SECRET),
                badCall("option --token: unknown", "--token=" + SECRET),
                badCall("--body", "--body", "{}", "--body", "{}"),
                badPoll("operation: none given (expected: scan id, or --path)"),
                badPoll("operation report: unknown (expected: scan id, or --path)", "report", "1"),
                badPoll("scan: 0 ids (expected: 1: id)", "scan"),
                badPoll("scan: 2 ids (expected: 1: id)", "scan", "1", "2"),
                badPoll("operation scan: given beside --path", "scan", "1", "--path", "scans/1"),
                badPoll("given beside the operation scan", "scan", "1", "--done", "ok"),
                badPoll("given without --state", "--path", "scans/1", "--done", "ok"),
                badPoll("--done: missing", "--path", "scans/1", "--state", "/status"),
                badPoll("state: status (expected: a JSON pointer", "--path", "x", "--state", "status", "--done", "a"),
                badPoll("stands for two ends", "--path", "x", "--state", "/s", "--done", "a", "--failed", "A"),
                badPoll("path x?y=1: holds a query", "--path", "x?y=1"),
                badPoll("path scans/{id}: holds a placeholder", "--path", "scans/{id}"),
                badPoll("--every soon: not a duration", "scan", "1", "--every", "soon"),
                badPoll("--within 0s: out of range", "scan", "1", "--within", "0s"),
                badPoll("--absent-for 48h: out of range", "scan", "1", "--absent-for", "48h"),
                badPoll("--query q: no \"=\"", "scan", "1", "--query", "q"),
                badPoll(
                        "--header authorization: holds a credential",
                        "scan",
                        "1",
                        "--header",
                        "authorization:" + SECRET),
                bad("vendor: nobody (expected one of", "poll", "nobody", "scan", "1"),
                bad("--vendor nobody: unknown", "simulate", "--vendor", "nobody"),
                bad("--port http: not a number", "simulate", "--port", "http"),
                bad("--port 65536: out of range", "simulate", "--port", "65536"),
                bad("--port -1: out of range", "simulate", "--port", "-1"));
    }

    @ParameterizedTest
    @MethodSource("badArguments")
    void reportsBadArgumentInOneLineWithExitCodeTwo(String expectedText, String[] args) {
        Run run = Run.of(Map.of("PENSTOCK_PENTIFY_SECRET", SECRET), args);

        assertThat(run.err()).contains(expectedText);
        assertThat(run.err()).startsWith("penstock: ").contains("expected");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).doesNotContain(SECRET);
    }

    @Test
    void namesSourceOfBadSecretWithoutShowingIt() {
        Run blank = Run.of(Map.of("PENSTOCK_PENTIFY_SECRET", ""), "call", "pentify", "GET", "usage");
        Run broken = Run.of(Map.of("PENSTOCK_PENTIFY_SECRET", SECRET + "\n"), "call", "pentify", "GET", "usage");

        assertThat(blank.err()).contains("PENSTOCK_PENTIFY_SECRET").contains("blank");
        assertThat(broken.err()).contains("PENSTOCK_PENTIFY_SECRET").contains("not printable");
        assertThat(broken.err()).doesNotContain(SECRET);
        assertThat(blank.code()).isEqualTo(2);
        assertThat(broken.code()).isEqualTo(2);
    }

    @Test
    void listsExitCodesInHelp() {
        for (String[] args : new String[][] {
            {"--help"}, {"call", "--help"}, {"demo", "-h"}, {"poll", "--help"}, {"simulate", "--help"}
        }) {
            Run help = Run.of(args);

            assertThat(help.code()).isZero();
            assertThat(help.out()).contains("Exit codes:").containsPattern(" 5 +rate limited");
        }
    }

    @Test
    void printsVersionOfBuild() {
        assertThat(Run.of("--version").out()).matches("penstock \\d+\\.\\d+\\.\\d+\\S*\\s+");
    }

    @Test
    void rejectsCredentialInQuery() {
        CredentialScheme inQuery = CredentialScheme.query("api_key");

        assertThatThrownBy(() -> RequestOptions.withQuery(ApiRequest.get("a"), "api_key=0123", inQuery))
                .isInstanceOf(BadArgument.class)
                .hasMessageContaining("--query api_key: holds a credential")
                .hasMessageNotContaining("0123");
    }
}
