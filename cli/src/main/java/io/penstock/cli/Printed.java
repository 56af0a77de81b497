package io.penstock.cli;

import io.penstock.body.Page;
import io.penstock.error.ApiException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The printed part of a list, and the token to continue after it. A page is printed as a whole, even if the process is
 * interrupted.
 */
final class Printed {

    /** ECMA-48: return to the beginning of the line and erase to its end. */
    private static final String SAME_LINE = "\r\u001b[K";

    private final Console console;
    private final boolean progress;
    private long items;
    private long pages;
    private boolean over;
    private @Nullable String token;

    Printed(Console console, @Nullable String from) {
        this.console = console;
        this.progress = console.terminal().getAsBoolean();
        this.token = from;
    }

    /** Prints a page. Returns false, and keeps the token, if that failed or the run has ended. */
    synchronized boolean page(Page<JsonNode> page) {
        if (over) {
            return false; // a signal has arrived, and has printed how to continue after the previous page
        }
        for (JsonNode item : page.items()) {
            console.out().println(JsonText.line(item));
        }
        if (console.out().checkError()) {
            return false;
        }
        items += page.items().size();
        pages++;
        token = page.resumeToken();
        Long total = page.total();
        if (progress) {
            console.err()
                    .print(SAME_LINE + items + " items"
                            + (total == null
                                    ? ""
                                    : ", at " + (page.position() + page.items().size()) + " of " + total) + ", page "
                            + pages);
            console.err().flush();
        }
        return true;
    }

    /** Ends the run, after which nothing more is printed. Returns false if it had already ended. */
    synchronized boolean end() {
        if (over) {
            return false;
        }
        over = true;
        if (progress && pages > 0) {
            console.err().println();
        }
        return true;
    }

    /** Ends the run with an error and the token to continue, unless it has already ended. Returns the exit code. */
    synchronized int failed(ApiException e) {
        if (!end()) {
            return ExitCode.UNEXPECTED;
        }
        int code = ErrorOutput.failed(console, e, false);
        goOnWith(e.resumeToken());
        return code;
    }

    /** Ends the run after the last printed page, unless it has already ended. */
    synchronized void breakOff(String why) {
        if (end()) {
            console.complain("broken off after " + items + " items: " + why);
            goOnWith(token);
            console.err().flush();
        }
    }

    /** Ends the run. Called by the signal that ends the process. */
    void interrupted() {
        breakOff("interrupted");
    }

    private void goOnWith(@Nullable String resumeToken) {
        if (resumeToken != null) {
            console.complain("go on with --resume " + resumeToken);
        }
    }
}
