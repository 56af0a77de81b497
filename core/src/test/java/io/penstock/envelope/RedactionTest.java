package io.penstock.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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
    void theOwnSecretIsMaskedWhereverItStands(Bodies kind) {
        assertThat(excerpt("bad key " + SECRET + ", " + SECRET + "!", kind)).isEqualTo("bad key ****, ****!");
    }

    /** An excerpt may end inside the secret, and so may a body whose connection was lost. */
    @Test
    void theOwnSecretIsMaskedThoughTheTextEndsInsideIt() {
        for (int shown = 4; shown < SECRET.length(); shown++) {
            String cut = SECRET.substring(0, shown);
            assertThat(excerpt("x".repeat(2048 - shown) + SECRET + " and more")).doesNotContain(cut);
            assertThat(excerpt("bad key " + cut)).isEqualTo("bad key ****");
            assertThat(redaction.line("y".repeat(300 - shown) + SECRET)).doesNotContain(cut);
        }
    }

    @Test
    void nowhereInALongTextDoesMuchOfTheSecretShow() {
        long seed = new Random().nextLong();
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
    void membersThatSpeakOfSecretsAreMasked(String text, String masked) {
        assertThat(excerpt(text)).isEqualTo(masked);
    }

    @Test
    void aVeryLongSecretMemberDoesNotOverflowTheStack() {
        assertThat(excerpt("{\"token\":\"" + "\\n".repeat(5_000) + "\"}")).startsWith("{\"token\":\"****");
        assertThat(excerpt("\"secret".repeat(1_000))).startsWith("\"secret");
        assertThat(excerpt("secret".repeat(1_000))).startsWith("secret");
    }

    @Test
    void anExcerptHasAtMost2048BytesAndTellsHowManyThereWere() {
        assertThat(excerpt("x".repeat(2048))).isEqualTo("x".repeat(2048));
        assertThat(excerpt("x".repeat(2049))).isEqualTo("x".repeat(2048) + "… (2049 bytes in all)");
        assertThat(excerpt("")).isEmpty();
    }

    @Test
    void aLineHasAtMost300CharactersAndNoControls() {
        assertThat(redaction.line("a\r\nb\tc\0d\u0085e\u001b[31m")).isEqualTo("a  b c d e [31m");
        assertThat(redaction.line("x".repeat(300))).isEqualTo("x".repeat(300));
        assertThat(redaction.line("x".repeat(301))).isEqualTo("x".repeat(300) + "…");
    }

    @Test
    void withoutASecretOfItsOwnItMasksTheRestAllTheSame() {
        ByteBuf body = Bodies.DIRECT.of("{\"token\":\"x\"}");

        assertThat(new Redaction(null).excerpt(body)).isEqualTo("{\"token\":\"****\"}");
        body.release();
    }
}
