package io.penstock.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A line on stderr that shows progress. It is overwritten with each update and erased at the end. If stderr is not a
 * terminal, nothing is written: a log or a pipe has no use for it.
 */
final class ProgressLine implements AutoCloseable {

    private static final int BAR = 20;
    private static final int WIDTH = 79;
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;
    private boolean shown;

    ProgressLine(PrintWriter err, BooleanSupplier terminal) {
        this.err = err;
        this.terminal = terminal.getAsBoolean();
    }

    /**
     * Writes the line.
     *
     * @param share the completed share, 0 to 1; null if unknown
     */
    synchronized void show(@Nullable Double share, String text) {
        if (!terminal) {
            return;
        }
        String line = (share == null ? "" : bar(share) + " ") + Printable.line(text);
        err.print(ERASE + (line.length() > WIDTH ? line.substring(0, WIDTH - 1) + "…" : line));
        err.flush();
        shown = true;
    }

    private static String bar(double share) {
        int full = (int) Math.round(share * BAR);
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "] "
                + String.format(Locale.ROOT, "%3d %%", Math.round(share * 100));
    }

    /** Erases the line, so that later output stands alone. */
    @Override
    public synchronized void close() {
        if (shown) {
            err.print(ERASE);
            err.flush();
            shown = false;
        }
    }
}
