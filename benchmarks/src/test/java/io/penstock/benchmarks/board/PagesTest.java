package io.penstock.benchmarks.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Agreement of the pages with their results. After a change, run the board with {@code -Dboard=page}. */
class PagesTest {

    private static final Path DOCS = Path.of("..", "docs");
    private static final Path README = Path.of("..", "README.md");

    private final Results results = Results.read(DOCS.resolve("benchmarks"));

    @Test
    void rendersBenchmarksFromResults() throws IOException {
        assertThat(Files.readString(DOCS.resolve("benchmarks.md"))).isEqualTo(BoardPage.of(results));
    }

    @Test
    void rendersScaleFromResults() throws IOException {
        assertThat(Files.readString(DOCS.resolve("scale.md"))).isEqualTo(ScalePage.of(results));
    }

    @Test
    void rendersFiguresOfReadmeFromResults() throws IOException {
        String readme = Files.readString(README);

        assertThat(readme).isEqualTo(Pages.withFigures(readme, results));
    }

    @Test
    void findsEveryPictureOfPage() throws IOException {
        String page = Files.readString(DOCS.resolve("benchmarks.md"));

        assertThat(Pattern.compile("!\\[.*?]\\((.*?)\\)")
                        .matcher(page)
                        .results()
                        .map(match -> match.group(1)))
                .allSatisfy(picture -> assertThat(DOCS.resolve(picture)).exists());
    }

    @Test
    void refusesReadmeWithoutPlaceForFigures() {
        assertThatThrownBy(() -> Pages.withFigures("# Something\n", results))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no place for figures");
    }
}
