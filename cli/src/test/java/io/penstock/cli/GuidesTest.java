package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Agreement of the guides' examples with compiled files that end in {@code Examples.java}: those of this package, and one of
 * the benchmarks, which have WebClient on their class path.
 */
class GuidesTest {

    private static final Path GUIDES = Path.of("../docs");
    private static final List<Path> SOURCES = List.of(
            Path.of("src/test/java/io/penstock/cli"),
            Path.of("../benchmarks/src/test/java/io/penstock/benchmarks/webclient"));
    private static final Pattern MARKER = Pattern.compile("<!-- example: (.+) -->");
    private static final String START = "// example: ";

    @ParameterizedTest
    @MethodSource("markedBlocks")
    void showsExampleAsCompiled(String page, String example) throws IOException {
        assertThat(ReadmeTest.block("docs/" + page, "example: " + example)).isEqualTo(compiled(example));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void showsEachCompiledExample(String example) throws IOException {
        assertThat(markedBlocks().map(marked -> marked.get()[1]))
                .as("markers of example " + example + " in docs/")
                .contains(example);
    }

    @Test
    void namesCompiledFileOfEachJavaBlock() throws IOException {
        for (Path page : files(GUIDES, ".md")) {
            List<String> lines = Files.readAllLines(page);
            for (int i = 1; i < lines.size(); i++) {
                if (lines.get(i).equals("```java")) {
                    assertThat(lines.get(i - 1)).as("line %d of %s", i, page).startsWith("<!-- ");
                }
            }
        }
    }

    /** Returns each marker of an example in the guides, with its page. */
    static Stream<Arguments> markedBlocks() throws IOException {
        List<Arguments> found = new ArrayList<>();
        for (Path page : files(GUIDES, ".md")) {
            for (String line : Files.readAllLines(page)) {
                Matcher marker = MARKER.matcher(line);
                if (marker.matches()) {
                    found.add(arguments(page.getFileName().toString(), marker.group(1)));
                }
            }
        }
        return found.stream();
    }

    /** Returns the name of each compiled example. */
    static Stream<String> examples() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path file : sources()) {
            Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> line.startsWith(START))
                    .map(line -> line.substring(START.length()))
                    .forEach(names::add);
        }
        return names.stream();
    }

    private static List<String> compiled(String example) throws IOException {
        List<List<String>> found = new ArrayList<>();
        for (Path file : sources()) {
            List<String> source = Files.readAllLines(file);
            int from = source.stream().map(String::strip).toList().indexOf(START + example) + 1;
            if (from > 0) {
                found.add(region(source.subList(from, source.size())));
            }
        }
        assertThat(found).as("compiled examples with the name " + example).hasSize(1);
        return found.get(0);
    }

    private static List<String> region(List<String> source) {
        int indent = source.get(0).length() - source.get(0).stripLeading().length();
        return source.stream()
                .takeWhile(line -> !line.strip().equals("// end"))
                .map(line -> line.isEmpty() ? line : line.substring(indent))
                .toList();
    }

    private static List<Path> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path directory : SOURCES) {
            files.addAll(files(directory, "Examples.java"));
        }
        return files;
    }

    private static List<Path> files(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }
}
