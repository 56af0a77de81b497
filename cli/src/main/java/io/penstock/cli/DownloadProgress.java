package io.penstock.cli;

import io.penstock.http.Progress;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A display of the progress of a download, updated at most ten times a second. */
final class DownloadProgress implements Consumer<Progress> {

    private static final long EVERY_NANOS = 100_000_000L;
    private static final double MEBIBYTE = 1024 * 1024;

    private final ProgressLine line;
    private final LongSupplier nanos;
    private long shownAtNanos;
    private boolean shown;

    DownloadProgress(ProgressLine line) {
        this(line, System::nanoTime);
    }

    /** Creates a progress display with a given clock. */
    DownloadProgress(ProgressLine line, LongSupplier nanos) {
        this.line = line;
        this.nanos = nanos;
    }

    @Override
    public void accept(Progress progress) {
        long now = nanos.getAsLong();
        if (shown && now - shownAtNanos < EVERY_NANOS) {
            return;
        }
        shown = true;
        shownAtNanos = now;
        line.show(progress.total() > 0 ? (double) progress.transferred() / progress.total() : null, text(progress));
    }

    private static String text(Progress progress) {
        String size = String.format(Locale.ROOT, "%.1f MiB", progress.transferred() / MEBIBYTE);
        String of = progress.total() > 0 ? String.format(Locale.ROOT, " of %.1f MiB", progress.total() / MEBIBYTE) : "";
        return size + of + (progress.resumes() == 0 ? "" : ", resumed " + progress.resumes() + " times");
    }
}
