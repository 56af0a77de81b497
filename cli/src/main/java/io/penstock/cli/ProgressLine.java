package io.penstock.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One line on stderr that tells how far something is, written over and over, and gone when it is over. Where stderr is no
 * terminal, it says nothing at all: a log or a pipe has no use for it.
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
     * @param share how much is done, 0 to 1; null where nobody knows
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

    /** Takes the line away, so that what is printed next stands alone. */
    @Override
    public synchronized void close() {
        if (shown) {
            err.print(ERASE);
            err.flush();
            shown = false;
        }
    }
}
