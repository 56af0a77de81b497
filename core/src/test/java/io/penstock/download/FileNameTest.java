package io.penstock.download;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.http.Headers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNameTest {

    private static @Nullable String name(String disposition) {
        return FileName.of(Headers.of("content-disposition", disposition));
    }

    /** The examples of RFC 6266 §5 and §4.3 and of RFC 8187 §3.2, and hostile names. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            nullValues = "none",
            value = {
                "Attachment; filename=example.html ~ example.html",
                "INLINE; FILENAME= \"an example.html\" ~ an example.html",
                "attachment; filename*= UTF-8''%e2%82%ac%20rates ~ € rates",
                "attachment; filename=\"EURO rates\"; filename*=utf-8''%e2%82%ac%20rates ~ € rates",
                "attachment; filename*=iso-8859-1'en'%A3%20rates ~ £ rates",
                "attachment; filename=a.pdf; filename*=utf-7''x ~ a.pdf",
                "attachment; filename=a.pdf; filename*=UTF-8''%ff%fe ~ a.pdf",
                "attachment; filename=a.pdf; filename*=UTF-8''%zz ~ a.pdf",
                "attachment; filename=a.pdf; filename*=nonsense ~ a.pdf",
                "attachment; filename=\"a;b\\\"c.txt\"; x=y ~ a;b_c.txt",
                "attachment; filename=\"../../etc/passwd\" ~ passwd",
                "attachment; filename=\"..\\\\..\\\\boot.ini\" ~ boot.ini",
                "attachment; filename=\"C:\\\\x\\\\nul.txt\" ~ _nul.txt",
                "attachment; filename=\"/\" ~ none",
                "attachment; filename=\"..\" ~ none",
                "attachment; filename=\"\" ~ none",
                "attachment; filename=\" . \" ~ none",
                "attachment; filename=.bashrc ~ bashrc",
                "attachment; filename=\"report.pdf. . \" ~ report.pdf",
                "attachment; filename=CON ~ _CON",
                "attachment; filename=\"lpt1 .tar.gz\" ~ _lpt1 .tar.gz",
                "attachment; filename=\"a<b>c:d|e?f*.txt\" ~ a_b_c_d_e_f_.txt",
                "attachment; filename*=UTF-8''a%0d%0ab%00c.txt ~ abc.txt",
                "attachment; filename*=UTF-8''..%2f..%2fx%5cy.txt ~ y.txt",
                "attachment; filename*=UTF-8''photo%e2%80%aegpj.exe ~ photogpj.exe",
                "attachment; filename*=UTF-8''a+b%2B.txt ~ a+b+.txt",
                "attachment ~ none",
                "attachment; foo=bar ~ none",
                "attachment; filename ~ none",
            })
    void readsAndSanitisesName(String disposition, @Nullable String expected) {
        assertThat(name(disposition)).isEqualTo(expected);
    }

    @Test
    void shortensLongNameAndKeepsExtension() {
        String name = FileName.sanitised("é🙂".repeat(100) + ".tar.pdf");
        assertThat(name).endsWith(".pdf").startsWith("é🙂é");
        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(190, 200);
        assertThat(FileName.of(Headers.none())).isNull();
    }

    /** Windows accepts neither a trailing dot or blank nor the name of a device. */
    @Test
    void keepsShortenedNameValidOnWindows() {
        String long199 = "a".repeat(199);
        assertThat(FileName.sanitised(long199 + " " + "b".repeat(50))).isEqualTo(long199);
        assertThat(FileName.sanitised(long199 + "." + "b".repeat(50))).isEqualTo(long199);
        assertThat(FileName.sanitised("com1" + " ".repeat(300) + "x")).isEqualTo("_com1");
        assertThat(FileName.sanitised("com1" + " ".repeat(300) + "x.txt"))
                .startsWith("_com1 ")
                .endsWith(" .txt");
    }
}
