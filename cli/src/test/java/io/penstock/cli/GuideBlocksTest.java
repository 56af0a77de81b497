package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code blocks of the guides: each is part of a compiled file, which the comment before it names. */
class GuideBlocksTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern MARKER = Pattern.compile("<!-- (\\S+?)#(\\S+) -->");

    @ParameterizedTest
    @ValueSource(strings = {"docs/journeys.md", "docs/uploads.md", "docs/webhooks.md"})
    void showsOnlyCompiledBlocks(String page) throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve(page));
        int blocks = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("```")) {
                Matcher marker = MARKER.matcher(lines.get(i - 1));
                assertThat(marker.matches())
                        .as("a marker before line %d of %s", i + 1, page)
                        .isTrue();
                int end = i + 1;
                while (!lines.get(end).equals("```")) {
                    end++;
                }
                assertThat(String.join("\n", lines.subList(i + 1, end)))
                        .isEqualTo(region(ROOT.resolve(marker.group(1)), marker.group(2)));
                blocks++;
                i = end;
            }
        }
        assertThat(blocks).as("blocks of %s", page).isPositive();
    }

    /** Returns the lines between the markers, without their common indent. */
    private static String region(Path file, String name) throws IOException {
        List<String> lines =
                Files.readAllLines(file).stream().map(String::stripTrailing).toList();
        int from = lines.stream().map(String::strip).toList().indexOf("// guide: " + name) + 1;
        int to = from;
        while (!lines.get(to).strip().equals("// guide: end")) {
            to++;
        }
        return String.join("\n", lines.subList(from, to)).stripIndent();
    }
}
