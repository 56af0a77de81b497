package io.penstock.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Agreement of the options that programs read with those that reach them. */
class OptionsTest {

    private static final Pattern READ =
            Pattern.compile("(?:getProperty|getBoolean|getInteger|list)\\(\\s*\"((?!java|os[.])[a-z.]+)\"");
    private static final Pattern SET = Pattern.compile("-D([a-z.]+)=");

    private static Set<String> all(Pattern pattern, List<Path> files) throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path file : files) {
            pattern.matcher(Files.readString(file)).results().forEach(match -> names.add(match.group(1)));
        }
        return names;
    }

    @Test
    void passesEveryOptionToTheProgramThatReadsIt() throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        Set<String> read = all(READ, sources);
        Set<String> byMaven = all(SET, List.of(Path.of("pom.xml")));
        Set<String> byBoard = all(
                SET,
                sources.stream()
                        .filter(file -> file.endsWith("Part.java") || file.endsWith("Form.java"))
                        .toList());

        assertThat(read).contains("board", "storm.only", "loopback.form", "bench.result");
        assertThat(read)
                .allMatch(
                        option -> byMaven.contains(option) || byBoard.contains(option), "passed by Maven or the board");
        assertThat(byMaven)
                .filteredOn(option -> !option.contains("java.awt") && !option.contains("org.slf4j"))
                .allMatch(read::contains, "read by a program");
    }
}
