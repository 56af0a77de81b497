package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Agreement of the README with the repository. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Returns the lines of the fenced block that follows a marker. */
    static List<String> block(String page, String marker) throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve(page));
        int fence = lines.indexOf("<!-- " + marker + " -->") + 1;
        assertThat(lines.get(fence)).as("a block after " + marker).startsWith("```");
        int end = fence + 1;
        while (!lines.get(end).equals("```")) {
            end++;
        }
        return lines.subList(fence + 1, end);
    }

    @Test
    void showsCompiledExample() throws IOException {
        List<String> source = Files.readAllLines(Path.of("src/test/java/io/penstock/cli/ReadmeExample.java"));
        int from = source.indexOf("        // example") + 1;
        int to = source.indexOf("        // end");

        assertThat(source.subList(from, to).stream()
                        .map(line -> line.isEmpty() ? line : line.substring(8))
                        .toList())
                .isEqualTo(block("README.md", "example"));
    }

    @Test
    void namesExistingTestsInDocs() throws IOException {
        List<String> named = new ArrayList<>();
        for (Path page : GuideLinksTest.pages().toList()) {
            Pattern.compile("`(\\w+(?:Test|OverSockets))`")
                    .matcher(Files.readString(ROOT.resolve(page)))
                    .results()
                    .map(match -> match.group(1))
                    .forEach(named::add);
        }

        assertThat(named).isNotEmpty();
        List<String> sources = new ArrayList<>();
        // Skips the output of builds, which may change meanwhile.
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = directory.getFileName().toString();
                return name.equals("target") || name.startsWith(".")
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sources.add(file.getFileName().toString());
                return FileVisitResult.CONTINUE;
            }
        });
        assertThat(sources)
                .containsAll(
                        named.stream().map(name -> name + ".java").distinct().toList());
    }

    @Test
    void listsModulesOfBuild() throws IOException {
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        String architecture = Files.readString(ROOT.resolve("docs/architecture.md"));

        for (String module :
                List.of("core", "vendors", "src-test-support", "integrations", "bom", "cli", "benchmarks")) {
            assertThat(pom).contains("<module>" + module + "</module>");
            assertThat(architecture).contains("\n" + module + "/");
        }
    }
}
