package io.penstock.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The length of the example modules. To write it into the guide, run this test with {@code -Dpenstock.write=true}.
 */
class LinesTest {

    private static final Path SOURCES = Path.of("src/main/java/io/penstock/example");
    private static final int MOST = 120;

    private static final Map<String, List<String>> MODULES = new LinkedHashMap<>();

    static {
        MODULES.put("Lumen", List.of("", "model"));
        MODULES.put("Mooring", List.of("mooring"));
        MODULES.put("Tidewater", List.of("tidewater"));
    }

    @Test
    void needsFewLinesForEachModule() throws IOException {
        StringBuilder table = new StringBuilder("| module | lines |\n|---|---|\n");
        for (Map.Entry<String, List<String>> module : MODULES.entrySet()) {
            int lines = 0;
            for (String directory : module.getValue()) {
                lines += lines(SOURCES.resolve(directory));
            }
            assertThat(lines).as("lines of %s", module.getKey()).isBetween(1, MOST);
            table.append("| ")
                    .append(module.getKey())
                    .append(" | ")
                    .append(lines)
                    .append(" |\n");
        }

        GuidePart.verify("write-your-own-vendor.md", "lines: written by LinesTest", table.toString());
    }

    /** Returns the lines of the files in a directory without records, imports and blank lines; comments count. */
    private static int lines(Path directory) throws IOException {
        int lines = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                List<String> source = new ArrayList<>(Files.readAllLines(file));
                boolean record = source.stream().anyMatch(line -> line.startsWith("public record "));
                if (!record && !file.endsWith("package-info.java")) {
                    source.removeIf(line -> line.isBlank() || line.startsWith("import "));
                    lines += source.size();
                }
            }
        }
        return lines;
    }
}
