package io.penstock.benchmarks.board;

import io.penstock.benchmarks.Surroundings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.ObjectMapper;

/**
 * The program that runs all benchmarks, one part after the other, and writes the pages and charts from the results that
 * the parts left in {@code target/board}. It exits with 1 if a part failed; the pages still show the other parts.
 *
 * <p>System properties:
 *
 * <ul>
 *   <li>{@code board}: {@code short}, {@code long}, {@code page} to write the pages again from the last board's
 *       figures, or {@code trial} to see in a minute or two that all parts run, with pages in {@code target};
 *   <li>{@code board.parts}: part names of either form, separated by commas, to run only these; the pages omit the
 *       rest;
 *   <li>{@code board.keep}: true to keep the results of the other parts from the last board;
 *   <li>{@code bench.pages}: the directory of the figures and charts; the pages are in its parent directory.
 * </ul>
 */
public final class Board {

    private static final String TRIAL_PAGES = "target/board/trial/benchmarks";

    private Board() {}

    /** Runs the board. Ignores the arguments, which Maven passes for JMH. */
    public static void main(String[] args) throws IOException, InterruptedException {
        long began = System.nanoTime();
        String form = System.getProperty("board", "short");
        Path pictures = Files.createDirectories(Path.of(
                form.equals(Form.TRIAL.word())
                        ? TRIAL_PAGES
                        : System.getProperty("bench.pages", "target/board/pages/benchmarks")));
        Results results = form.equals("page") ? Results.read(pictures) : measure(form(form));
        if (Boolean.getBoolean("board.keep")) {
            results = results.keeping(Results.read(pictures));
        }
        if (!form.equals("page")) {
            results.write(pictures);
        }
        Pages.write(results, pictures);
        results.parts().stream()
                .filter(part -> part.failure() != null)
                .forEach(part -> System.out.println("FAILED " + part.name() + ": " + part.failure()));
        System.out.printf(Locale.ROOT, "Total %.0f s. Pages beside %s%n", seconds(began), pictures.normalize());
        System.exit(results.complete() ? 0 : 1);
    }

    private static Form form(String word) {
        return Stream.of(Form.values())
                .filter(form -> form.word().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("board: " + word + " (expected: short, long, page or trial)"));
    }

    private static Results measure(Form form) throws IOException, InterruptedException {
        Path files = Files.createDirectories(Path.of("target", "board").toAbsolutePath());
        List<String> only = Stream.of(System.getProperty("board.parts", "").split(",", -1))
                .filter(name -> !name.isEmpty())
                .toList();
        double before = load();
        List<PartRun> runs = new ArrayList<>();
        for (Part part : form.parts(files, only)) {
            System.out.println(part.name() + " …");
            PartRun run = PartRun.of(part, files);
            runs.add(run);
            System.out.printf(
                    Locale.ROOT,
                    "%s: %s in %.0f s%n",
                    run.name(),
                    run.failure() == null ? "done" : "FAILED",
                    run.seconds());
        }
        return Results.collect(
                form,
                LocalDate.now(ZoneOffset.UTC).toString(),
                Surroundings.of(ObjectMapper.class),
                before,
                load(),
                runs,
                files);
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}
