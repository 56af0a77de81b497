package io.penstock.benchmarks.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChartTest {

    @TempDir
    private Path directory;

    static List<Path> picturesOfPages() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "docs", "benchmarks"))) {
            return files.filter(file -> file.toString().endsWith(".svg"))
                    .sorted()
                    .toList();
        }
    }

    private Path file() {
        return directory.resolve("chart.svg");
    }

    private static void assertReadable(Picture picture) {
        assertThat(picture.texts()).isNotEmpty().allSatisfy(text -> {
            assertThat(text.words()).doesNotEndWith("...");
            assertThat(picture.page().contains(text.ink())).as(text.words()).isTrue();
        });
        assertThat(picture.overlaps()).isEmpty();
        assertThat(picture.unreadable()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("picturesOfPages")
    void keepsTextsOfPicturesApartAndPenstockInOneColour(Path svg) throws IOException {
        Picture picture = Picture.read(svg);

        assertReadable(picture);
        assertThat(picture.penstockShapes()).isPositive();
        assertThat(picture.legend())
                .allSatisfy(text -> assertThat(Picture.PENSTOCK.equals(text.swatch()))
                        .as(text.words())
                        .isEqualTo(text.words().equals("Penstock")));
    }

    @Test
    void showsCallsThatSucceedInEveryPictureOfStorms() throws IOException {
        List<Path> storms = picturesOfPages().stream()
                .filter(svg -> svg.getFileName().toString().startsWith("retry-storm"))
                .toList();

        assertThat(storms).isNotEmpty();
        for (Path svg : storms) {
            assertThat(Picture.read(svg).texts())
                    .as(svg.toString())
                    .extracting(Picture.Text::words)
                    .anyMatch(words -> words.contains("calls that succeed"))
                    .anyMatch(words -> words.contains("sends"));
        }
    }

    @Test
    void cutsOffBarThatWouldHideTheOthers() throws IOException {
        BarChart chart = new BarChart("CPU").figure("µs", "0.0");
        for (int i = 1; i <= 9; i++) {
            chart.bar("client " + i, 30 + 8 * i);
        }
        chart.bar("Penstock", 50).bar("slow client", 1245.3).write(file());

        Picture picture = Picture.read(file());
        assertReadable(picture);
        assertThat(picture.texts())
                .extracting(Picture.Text::words)
                .contains("1245.3, cut off", "102.0", "50.0")
                .doesNotContain("1,200");
    }

    @Test
    void keepsLongBarsOfFewOrOfManyLongOnes() throws IOException {
        new BarChart("few")
                .figure("B", "0")
                .bar("Penstock", 1)
                .bar("other", 1000)
                .write(file());
        assertThat(Picture.read(file()).texts()).noneMatch(text -> text.words().contains("cut off"));

        BarChart many = new BarChart("many").figure("B", "0");
        for (int i = 1; i <= 10; i++) {
            many.bar("client " + i, i % 2 == 0 ? i : 1000 * i);
        }
        many.write(file());
        assertThat(Picture.read(file()).texts()).noneMatch(text -> text.words().contains("cut off"));
    }

    @Test
    void leavesPlaceOfMissingValueEmpty() throws IOException {
        new BarChart("missing")
                .figure("B", "0")
                .bar("Penstock", "small", Double.NaN)
                .bar("other", "small", 5)
                .figure("ns", "0")
                .bar("Penstock", "small", 7)
                .bar("other", "small", 9)
                .write(file());

        Picture picture = Picture.read(file());
        assertReadable(picture);
        assertThat(picture.texts()).noneMatch(text -> text.words().contains("NaN"));
        assertThat(picture.legend()).extracting(Picture.Text::words).containsExactly("Penstock", "other");
    }

    @Test
    void givesPenstockItsColourWhereverItStands() throws IOException {
        BarChart bars = new BarChart("bars").figure("B", "0.00");
        TimelineChart lines = new TimelineChart("lines").shade("down", 0.2, 0.4).figure("calls");
        for (String name : List.of("a", "b", "c", "Penstock", "Penstock, no circuit", "d", "e", "f")) {
            bars.bar(name, "group", 3);
            lines.line(name, List.of(1L, 2L, 3L, 4L), 0.1, 2);
        }
        bars.write(file());
        assertColours(Picture.read(file()));
        lines.write(file());
        assertColours(Picture.read(file()));
    }

    private static void assertColours(Picture picture) {
        assertReadable(picture);
        assertThat(picture.legend())
                .hasSize(8)
                .allSatisfy(text -> assertThat(Picture.PENSTOCK.equals(text.swatch()))
                        .as(text.words())
                        .isEqualTo(text.words().equals("Penstock")));
    }

    @Test
    void drawsSameDataAsSameFile() throws IOException {
        new BarChart("bars").figure("B", "0").bar("Penstock", 1).write(file());
        String once = Files.readString(file());

        new BarChart("bars").figure("B", "0").bar("Penstock", 1).write(file());
        assertThat(file()).hasContent(once);
    }
}
