package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Agreement of the guides' examples with compiled code. */
class GuidesTest {

    private static final Path SOURCE = Path.of("src/test/java/io/penstock/cli/GuideExamples.java");

    @ParameterizedTest
    @CsvSource({
        "docs/getting-started.md, client",
        "docs/getting-started.md, record",
        "docs/getting-started.md, first call",
        "docs/getting-started.md, first error",
        "docs/getting-started.md, first POST",
        "docs/getting-started.md, deadline",
        "docs/getting-started.md, simulator",
        "docs/troubleshooting.md, inspect"
    })
    void showsCompiledExample(String page, String example) throws IOException {
        assertThat(ReadmeTest.block(page, "example: " + example)).isEqualTo(compiled(example));
    }

    private static List<String> compiled(String example) throws IOException {
        List<String> source = Files.readAllLines(SOURCE);
        int from = source.stream().map(String::strip).toList().indexOf("// example: " + example) + 1;
        assertThat(from).as("example " + example).isPositive();
        int indent = source.get(from).length() - source.get(from).stripLeading().length();
        Stream<String> lines = source.subList(from, source.size()).stream()
                .takeWhile(line -> !line.strip().equals("// end"))
                .map(line -> line.isEmpty() ? line : line.substring(indent));
        return lines.toList();
    }
}
