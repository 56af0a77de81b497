package io.penstock.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Check that the blocks of the guide are compiled code and that every region marked for the guide is in it. */
class ExampleGuideTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path GUIDE = ROOT.resolve("docs/write-your-own-vendor.md");
    private static final Pattern MARKER = Pattern.compile("<!-- (\\S+?)(?:#(\\S+))? -->");
    private static final Pattern REGION = Pattern.compile("\\s*(?://|<!--) guide: (\\w+)(?: -->)?");

    /** A block of the guide with its source. */
    private record Block(String file, String region, List<String> lines) {
        @Override
        public String toString() {
            return region == null ? file : file + "#" + region;
        }
    }

    @TestFactory
    Stream<DynamicTest> showsCompiledCodeInEveryBlock() throws IOException {
        return blocks().stream()
                .map(block -> DynamicTest.dynamicTest(
                        block.toString(), () -> assertThat(source(block)).isEqualTo(block.lines())));
    }

    @Test
    void showsEveryMarkedRegion() throws IOException {
        Set<String> marked = new TreeSet<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve("vendors/example"))) {
            for (Path file : files.filter(f -> f.toString().matches(".*(\\.java|pom\\.xml)"))
                    .filter(f -> !f.toString().contains("/target/"))
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    Matcher region = REGION.matcher(line);
                    if (region.matches() && !region.group(1).equals("end")) {
                        marked.add(ROOT.relativize(file).toString().replace('\\', '/') + "#" + region.group(1));
                    }
                }
            }
        }

        assertThat(blocks().stream().filter(block -> block.region() != null).map(Block::toString))
                .containsExactlyInAnyOrderElementsOf(marked);
    }

    private static List<Block> blocks() throws IOException {
        List<String> guide = Files.readAllLines(GUIDE);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < guide.size(); i++) {
            if (guide.get(i).startsWith("```")) {
                Matcher marker = MARKER.matcher(guide.get(i - 1));
                assertThat(marker.matches())
                        .as("a marker before the block in line " + (i + 1) + " of " + GUIDE.getFileName())
                        .isTrue();
                int end = i + 1;
                while (!guide.get(end).equals("```")) {
                    end++;
                }
                blocks.add(new Block(marker.group(1), marker.group(2), guide.subList(i + 1, end)));
                i = end;
            }
        }
        return blocks;
    }

    /** Returns the lines of a region without their common indentation. */
    private static List<String> source(Block block) throws IOException {
        List<String> file = Files.readAllLines(ROOT.resolve(block.file()));
        List<String> lines = new ArrayList<>();
        boolean inside = block.region() == null;
        for (String line : file) {
            Matcher region = REGION.matcher(line);
            if (region.matches()) {
                inside = region.group(1).equals(block.region());
            } else if (inside) {
                lines.add(line);
            }
        }
        int indent = lines.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
        return lines.stream()
                .map(line -> line.isBlank() ? "" : line.substring(indent))
                .toList();
    }
}
