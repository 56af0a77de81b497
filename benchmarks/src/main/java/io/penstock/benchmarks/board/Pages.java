package io.penstock.benchmarks.board;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The pages of a board: they are in the parent directory of their charts, and the README is one directory above. */
final class Pages {

    private static final String BEGIN = "<!-- figures: written by the board -->\n";
    private static final String END = "<!-- end of the figures -->\n";

    private Pages() {}

    static void write(Results results, Path pictures) throws IOException {
        Path docs = pictures.resolve("..").toAbsolutePath().normalize();
        BoardCharts.write(results, pictures);
        Files.writeString(docs.resolve("benchmarks.md"), BoardPage.of(results), StandardCharsets.UTF_8);
        Files.writeString(docs.resolve("scale.md"), ScalePage.of(results), StandardCharsets.UTF_8);
        Path readme = docs.resolveSibling("README.md");
        if (Files.exists(readme)) {
            String text = Files.readString(readme, StandardCharsets.UTF_8);
            Files.writeString(readme, withFigures(text, results), StandardCharsets.UTF_8);
        }
    }

    /** Returns a README with the figures between its two markers replaced. */
    static String withFigures(String readme, Results results) {
        int begin = readme.indexOf(BEGIN);
        int end = readme.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("README.md: no place for figures (expected: a line \"" + BEGIN.strip()
                    + "\" and below it a line \"" + END.strip() + "\")");
        }
        return readme.substring(0, begin + BEGIN.length()) + ReadmeFigures.of(results) + readme.substring(end);
    }
}
