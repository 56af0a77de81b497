package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Java blocks of the guides: the comment before each names a region of a compiled file, or an example that {@code
 * GuidesTest} compares.
 */
class GuideBlocksTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern REGION = Pattern.compile("<!-- (\\S+?)#(\\S+) -->");
    private static final String EXAMPLE = "<!-- example: ";

    /** A Java block of a page. */
    private record Block(Path page, int line, String marker, String code) {
        @Override
        public String toString() {
            return page.getFileName() + ":" + line + " " + marker;
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void showsOnlyCompiledBlocks(Block block) throws IOException {
        Matcher region = REGION.matcher(block.marker());

        assertThat(region.matches() || block.marker().startsWith(EXAMPLE))
                .as("a marker before %s", block)
                .isTrue();
        if (region.matches()) {
            assertThat(block.code()).isEqualTo(region(ROOT.resolve(region.group(1)), region.group(2)));
        }
    }

    /** Returns the Java blocks of all guides. */
    static Stream<Block> blocks() throws IOException {
        List<Block> found = new ArrayList<>();
        for (Path page : pages()) {
            List<String> lines = Files.readAllLines(page);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).equals("```java")) {
                    int end = i + lines.subList(i, lines.size()).indexOf("```");
                    found.add(new Block(page, i + 1, lines.get(i - 1), String.join("\n", lines.subList(i + 1, end))));
                }
            }
        }
        return found.stream();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** Returns the lines between the markers, without their common indent. */
    private static String region(Path file, String name) throws IOException {
        List<String> lines =
                Files.readAllLines(file).stream().map(String::stripTrailing).toList();
        int from = lines.stream().map(String::strip).toList().indexOf("// guide: " + name) + 1;
        assertThat(from).as("region %s of %s", name, file).isPositive();
        int to = from;
        while (!lines.get(to).strip().equals("// guide: end")) {
            to++;
        }
        return String.join("\n", lines.subList(from, to)).stripIndent();
    }
}
