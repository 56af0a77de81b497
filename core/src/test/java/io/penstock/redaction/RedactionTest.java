package io.penstock.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.penstock.body.Bodies;
import io.penstock.body.Payload;
import io.penstock.error.FieldError;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Plans;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.node.StringNode;

class RedactionTest {

    private static final String SECRET = "pk_live_0123456789abcdef";

    private final Redaction redaction = new Redaction(SECRET);

    private String excerpt(String text) {
        return excerpt(text, Bodies.HEAP);
    }

    private String excerpt(String text, Bodies kind) {
        ByteBuf body = kind.of(text);
        int readable = body.readableBytes();
        try {
            return redaction.excerpt(body);
        } finally {
            assertThat(body.refCnt()).isEqualTo(1);
            assertThat(body.readableBytes()).isEqualTo(readable);
            body.release();
        }
    }

    @ParameterizedTest
    @EnumSource(Bodies.class)
    void masksEveryOccurrenceOfOwnSecret(Bodies kind) {
        assertThat(excerpt("bad key " + SECRET + ", " + SECRET + "!", kind)).isEqualTo("bad key ****, ****!");
    }

    /** An excerpt or the body of a lost connection may end inside the secret. */
    @Test
    void masksOwnSecretCutAtEndOfText() {
        for (int shown = 4; shown < SECRET.length(); shown++) {
            String cut = SECRET.substring(0, shown);
            assertThat(excerpt("x".repeat(2048 - shown) + SECRET + " and more")).doesNotContain(cut);
            assertThat(excerpt("bad key " + cut)).isEqualTo("bad key ****");
            assertThat(redaction.line("y".repeat(300 - shown) + SECRET)).doesNotContain(cut);
        }
    }

    @Test
    void showsNoStartOfSecretInLongText() {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < 2_500) {
                text.append(random.nextInt(4) == 0 ? SECRET : "ü ".repeat(random.nextInt(30)));
            }
            assertThat(excerpt(text.toString())).as("seed %d", seed).doesNotContain(SECRET.substring(0, 4));
            assertThat(redaction.line(text.toString())).as("seed %d", seed).doesNotContain(SECRET.substring(0, 4));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"password":"x1"}                     | {"password":"****"}
            {"client_secret" : "x\\"1","a":"b"}   | {"client_secret" : "****","a":"b"}
            {"accessToken":"x1","n":1}            | {"accessToken":"****","n":1}
            {"API_KEY":"x1"}                      | {"API_KEY":"****"}
            {"api-key":"x1"}                      | {"api-key":"****"}
            {"privateKey":"x1"}                   | {"privateKey":"****"}
            {"Authorization":"Bearer x1"}         | {"Authorization":"****"}
            {"credentials":"x1                    | {"credentials":"****
            {"secret":""}                         | {"secret":"****"}
            {"a":"secret","b":"password"}         | {"a":"secret","b":"password"}
            {"note":"the password is wrong"}      | {"note":"the password is wrong"}
            """)
    void masksMembersNamedLikeSecrets(String text, String masked) {
        assertThat(excerpt(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"token":12345,"n":12345}                     | {"token":****,"n":12345}
            {"pin":-1.5e3}                                | {"pin":****}
            {"tokens":["a1",[2,"b"]],"n":["a1",2]}        | {"tokens":["****",[****,"****"]],"n":["a1",2]}
            {"credentials":{"user":"u","n":[1]},"user":"u"} | {"credentials":{"user":"****","n":[****]},"user":"u"}
            {"a":[{"b":{"access_key":"x1"}}]}             | {"a":[{"b":{"access_key":"****"}}]}
            {"accessKey":"x1","userKey":"x2"}             | {"accessKey":"****","userKey":"****"}
            {"\\u0074oken":"x1"}                          | {"\\u0074oken":"****"}
            {"pass\\u0077ord":7}                          | {"pass\\u0077ord":****}
            {"body":"{\\"token\\":\\"x1\\",\\"n\\":1}"} | {"body":"{\\"token\\":\\"****\\",\\"n\\":1}"}
            {"secret":["x1","x2                           | {"secret":["****","****
            {"token":123                                  | {"token":****
            {"token":null,"has_token":true}               | {"token":null,"has_token":true}
            {"url":"https://h/p?access_token=x1&n=1"}     | {"url":"https://h/p?access_token=****&n=1"}
            grant=a&client_secret=x%201&n=1               | grant=a&client_secret=****&n=1
            oops " {"token":"x1"}                         | oops " {"token":"****"}
            {"keyboard":"k","monkey":"m","key":"k"}       | {"keyboard":"k","monkey":"m","key":"k"}
            """)
    void masksByNameOfMemberAtAnyDepth(String text, String masked) {
        assertThat(excerpt(text)).isEqualTo(masked);
    }

    private static final String WITH_SIGNS = "p/k=1+2&3%4\"5<6>7'8\\9";

    /** Writes each character of a text in the given way. */
    private static String spelled(String text, IntFunction<String> character) {
        return text.chars().mapToObj(character).collect(Collectors.joining());
    }

    static List<String> spellings() {
        String json = WITH_SIGNS.replace("\\", "\\\\").replace("/", "\\/").replace("\"", "\\\"");
        String percent = URLEncoder.encode(WITH_SIGNS, StandardCharsets.UTF_8);
        String html = WITH_SIGNS
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("/", "&sol;");
        return List.of(
                WITH_SIGNS,
                json,
                percent,
                html,
                spelled(WITH_SIGNS, c -> String.format("\\u%04x", c)),
                spelled(WITH_SIGNS, c -> String.format("\\u%04X", c)),
                spelled(WITH_SIGNS, c -> String.format("%%%02x", c)),
                spelled(WITH_SIGNS, c -> String.format("%%%02X", c)),
                spelled(WITH_SIGNS, c -> String.format("&#x%X;", c)),
                spelled(WITH_SIGNS, c -> String.format("&#%d;", c)),
                WITH_SIGNS.replace("/", "\\u002f").replace("\\9", "\\\\9"),
                WITH_SIGNS.replace("/", "%2F").replace("%4", "%254"),
                WITH_SIGNS.replace("/", "&#x2F;"),
                percent.replace("%", "%25"),
                html.replace("&", "\\u0026"),
                json.replace("\\", "\\\\"));
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void masksOwnSecretInEverySpelling(String spelling) {
        Redaction own = new Redaction(WITH_SIGNS);
        assertThat(own.line("a " + spelling + " b")).isEqualTo("a **** b");
        assertThat(own.excerpt(Bodies.HEAP.of("{\"a\":[" + spelling + "]}"))).isEqualTo("{\"a\":[****]}");
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void masksOwnSecretCutAtEndOfTextInEverySpelling(String spelling) {
        Redaction own = new Redaction(WITH_SIGNS);
        for (int shown = spelling.length() - 1; shown > 4 * spelling.length() / WITH_SIGNS.length() + 12; shown--) {
            assertThat(own.line("a " + spelling.substring(0, shown)))
                    .as("%d", shown)
                    .isEqualTo("a ****");
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "a", "ab", "user:", "user@example.com::"})
    void masksOwnSecretInBase64(String before) {
        for (String behind : List.of("", "x", "yz", "\u00fc?>")) {
            byte[] bytes = (before + SECRET + behind).getBytes(StandardCharsets.UTF_8);
            for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                String encoded = encoder.encodeToString(bytes);
                assertThat(redaction.line("bad Basic " + encoded + ", sorry")).isEqualTo("bad Basic ****, sorry");
                assertThat(redaction.line("Basic " + encoded.replace("=", "%3D").replace("/", "\\/") + " !"))
                        .startsWith("Basic ****")
                        .endsWith(" !")
                        .hasSizeLessThan(24);
            }
        }
    }

    @Test
    void masksBasicCredentialInEveryForm() {
        Call call = Call.start(Plans.get(Payload.tree()), VirtualTimeScheduler.create());
        String basic = Base64.getEncoder().encodeToString("jo:0pen-sesame".getBytes(StandardCharsets.UTF_8));
        call.header("authorization", "Basic " + basic);

        assertThat(call.redaction(redaction).line("no " + basic + " of jo:0pen-sesame with 0pen\\u002dsesame"))
                .isEqualTo("no **** of **** with ****");
    }

    @Test
    void decodesLongTextOfEscapesInTime() {
        assertThat(redaction.line("%25".repeat(50_000) + "\\\\".repeat(50_000) + "&amp;".repeat(50_000)))
                .hasSize(301);
    }

    @Test
    void printsOnlyNamesOfFurtherMembersOfFieldError() {
        FieldError error =
                new FieldError("url", "REQUIRED", "URL is required", Map.of("given", StringNode.valueOf(SECRET)));

        assertThat(error).hasToString("FieldError[field=url, code=REQUIRED, message=URL is required, more=[given]]");
    }

    @Test
    void masksVeryLongMemberWithoutStackOverflow() {
        assertThat(excerpt("{\"token\":\"" + "\\n".repeat(5_000) + "\"}")).startsWith("{\"token\":\"****");
        assertThat(excerpt("\"secret".repeat(1_000))).startsWith("\"secret");
        assertThat(excerpt("secret".repeat(1_000))).startsWith("secret");
    }

    @Test
    void limitsExcerptTo2048BytesAndReportsTotal() {
        assertThat(excerpt("x".repeat(2048))).isEqualTo("x".repeat(2048));
        assertThat(excerpt("x".repeat(2049))).isEqualTo("x".repeat(2048) + "… (2049 bytes in all)");
        assertThat(excerpt("")).isEmpty();
    }

    @Test
    void limitsLineTo300CharactersWithoutControls() {
        assertThat(redaction.line("a\r\nb\tc\0d\u0085e\u001b[31m")).isEqualTo("a  b c d e [31m");
        assertThat(redaction.line("x".repeat(300))).isEqualTo("x".repeat(300));
        assertThat(redaction.line("x".repeat(301))).isEqualTo("x".repeat(300) + "…");
    }

    @Test
    void masksSecretMembersWithoutOwnSecret() {
        ByteBuf body = Bodies.DIRECT.of("{\"token\":\"x\"}");

        assertThat(new Redaction(null).excerpt(body)).isEqualTo("{\"token\":\"****\"}");
        body.release();
    }
}
