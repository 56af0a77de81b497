package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.http.Progress;
import io.penstock.test.simulator.streams.ServedFile;
import io.penstock.test.simulator.streams.StreamServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadCommandTest {

    private final StreamServer server = StreamServer.start();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @AfterEach
    void stop() {
        server.close();
    }

    private Run download(String... args) {
        List<String> all = new ArrayList<>(List.of("download", "pentify"));
        all.addAll(List.of(args));
        all.addAll(List.of("--base-url", server.origin().toString()));
        return Run.of(Map.of("PENSTOCK_PENTIFY_SECRET", "pk_live_0123456789abcdef"), all.toArray(String[]::new));
    }

    @Test
    void printsPathOfFileAndNothingElse() {
        AtomicInteger answers = new AtomicInteger();
        server.put(
                "/report",
                new ServedFile(100_000, 1)
                        .breaking(wanted -> answers.incrementAndGet() == 1 ? 40_000 : Long.MAX_VALUE));
        Path file = directory.resolve("report.pdf");
        Run run = download("report", "-o", file.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.out().strip()).isEqualTo(file.toString());
        assertThat(run.code()).isZero();
        assertThat(file).hasSize(100_000);
        assertThat(answers).hasValue(2);
    }

    @Test
    void takesFileNameFromServerForDirectory() {
        server.put(
                "/report",
                new ServedFile(1000, 1).headers("content-disposition: attachment; filename=\"../a.pdf\"\r\n"));
        assertThat(download("report", "-o", directory.toString()).code()).isZero();
        assertThat(directory.resolve("a.pdf")).hasSize(1000);
    }

    @Test
    void reportsFailureInOneLine() throws Exception {
        Path file = Files.writeString(directory.resolve("mine"), "mine");
        Run there = download("report", "-o", file.toString());
        assertThat(there.code()).isNotZero();
        assertThat(there.err().lines()).hasSize(1);
        assertThat(there.err()).contains("exists");
        assertThat(download("report", "-o", directory.resolve("x").toString()).err())
                .contains("404");
        assertThat(download("report").err()).contains("--output");
    }

    @Test
    void showsProgressOnTerminalOnlyAndErasesIt() {
        StringWriter shown = new StringWriter();
        try (ProgressLine line = new ProgressLine(new PrintWriter(shown), () -> false)) {
            new DownloadProgress(line).accept(new Progress(1, 2, 0));
        }
        assertThat(shown.toString()).isEmpty();
        try (ProgressLine line = new ProgressLine(new PrintWriter(shown), () -> true)) {
            AtomicLong nanos = new AtomicLong(-5);
            DownloadProgress progress = new DownloadProgress(line, nanos::get);
            progress.accept(new Progress(1 << 20, 2 << 20, 3));
            nanos.addAndGet(99_999_999);
            progress.accept(new Progress((1 << 20) + 1, 2 << 20, 3)); // too soon to be shown
            assertThat(shown.toString()).containsOnlyOnce("MiB of");
            nanos.addAndGet(1);
            progress.accept(new Progress(1 << 20, 2 << 20, 3));
        }
        assertThat(shown.toString())
                .endsWith("[##########..........]  50 % 1.0 MiB of 2.0 MiB, resumed 3 times\r\u001b[K")
                .containsPattern("(?s)MiB of.*MiB of");
    }
}
