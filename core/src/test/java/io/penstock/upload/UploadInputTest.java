package io.penstock.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Invalid input of an upload, refused with one clear error where the upload is built. */
class UploadInputTest {

    private static final Path FILE = Path.of("a.bin");
    private static final Flux<ByteBuffer> PARTS = Flux.empty();
    private static final String HALF = "half \ud83d";

    private static void refused(ThrowingCallable making, String message) {
        assertThatThrownBy(making)
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(message)
                .satisfies(e -> assertThat((Object) ((ApiException) e).kind()).isEqualTo(ErrorKind.INVALID_REQUEST));
    }

    @Test
    void refusesEmptyNamesAndControlCharacters() {
        FormUpload form = Upload.form();
        refused(() -> form.text("", 1), "name of a part: empty (expected: at least one character)");
        refused(() -> form.file("", FILE), "name of a part: empty");
        refused(() -> form.file("a", FILE, "", "image/png"), "name of a file: empty");
        refused(() -> form.text("a\u0000b", 1), "name of a part: a?b, character 2 is U+0000");
        refused(() -> form.file("a", FILE, "b\u007f", "image/png"), "name of a file: b?, character 2 is U+007F");
        refused(() -> form.file("a", Path.of("/")), "part a: / (expected: a file)");
    }

    @Test
    void refusesHalfOfSurrogatePair() {
        FormUpload form = Upload.form();
        refused(() -> form.text(HALF, 1), "name of a part: not well-formed, with half of a surrogate pair");
        refused(() -> form.text("a", HALF), "part a: not well-formed");
        refused(() -> form.file("a", FILE, HALF, "image/png"), "name of a file: not well-formed");
        assertThat(form.text("whole \ud83d\ude00", "\ud83d\ude00")).hasToString("form of 1 parts");
    }

    @Test
    void refusesInvalidMediaTypeInEveryKind() {
        for (String bad : List.of("image/png\r\nx: y", "image\u0000png")) {
            refused(() -> Upload.file(FILE, bad), "content-type");
            refused(() -> Upload.stream(PARTS, bad), "content-type");
            refused(() -> Upload.stream(PARTS, 1, bad), "content-type");
            refused(() -> Upload.form().file("a", FILE, "a.bin", bad), "content-type");
            refused(() -> Upload.json(Map.of()).dataUri("/a", FILE, bad), "content-type");
        }
        refused(() -> Upload.json(Map.of()).dataUri("/a", FILE, "a,b"), "media type of /a: \"a,b\"");
    }

    @Test
    void refusesNegativeLengthOfStream() {
        refused(() -> Upload.stream(PARTS, -1, "text/plain"), "length of a stream: -1 (expected: >= 0)");
    }

    @Test
    void refusesTwoFilesAtOnePlace() {
        refused(
                () -> Upload.json(Map.of()).base64("/a", FILE).base64("/a", FILE),
                "two files at /a (expected: one for each place)");
    }

    @Test
    void hidesConstructorsOfEveryKind() {
        for (Class<?> kind : Upload.class.getPermittedSubclasses()) {
            assertThat(kind.getConstructors()).as(kind.getSimpleName()).isEmpty();
        }
    }
}
