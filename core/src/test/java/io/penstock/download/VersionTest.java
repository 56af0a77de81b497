package io.penstock.download;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VersionTest {

    private static final Version VERSION = Version.of(
            Headers.of(
                    "etag", "\"1\"",
                    "last-modified", "Mon, 30 Nov 2026 10:00:00 GMT",
                    "date", "Mon, 30 Nov 2026 12:00:00 GMT",
                    "content-disposition", "attachment; filename=report.pdf"),
            300_000);

    @Test
    void readsItsText() {
        assertThat(Version.ofText(bytes(VERSION.text()))).isEqualTo(VERSION);
        assertThat(Version.ofText(bytes(Version.UNKNOWN.text()))).isEqualTo(Version.UNKNOWN);
    }

    @Test
    void readsNoTornText() {
        byte[] text = bytes(VERSION.text());
        for (int length = 0; length < text.length; length++) {
            assertThat(Version.ofText(Arrays.copyOf(text, length)))
                    .as("the first %d bytes", length)
                    .isEqualTo(Version.UNKNOWN);
        }
    }

    /** A file system may keep the length of a file but not its bytes when the machine loses power. */
    @Test
    void readsNoTextWithZeros() {
        byte[] text = bytes(VERSION.text());
        for (int from = 0; from < text.length; from++) {
            byte[] zeroed = text.clone();
            Arrays.fill(zeroed, from, zeroed.length, (byte) 0);
            assertThat(Version.ofText(zeroed)).as("zeros from byte %d", from).isEqualTo(Version.UNKNOWN);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
