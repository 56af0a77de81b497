package io.penstock.cli;

import io.penstock.body.Page;
import io.penstock.error.ApiException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What of a list is printed, and how to go on behind it. A page is printed whole, also when the process is told to stop. */
final class Printed {

    /** ECMA-48: back to the beginning of the line, and nothing behind what is written next. */
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

    /** Prints a page; false if that failed or the run has ended, and how to go on is as before. */
    synchronized boolean page(Page<JsonNode> page) {
        if (over) {
            return false; // a signal has come, and has told how to go on behind the page before
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

    /** Nothing more is printed; false if it had ended before. */
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

    /** Ends it with what went wrong and how to go on, unless it has ended before; the code to exit with. */
    synchronized int failed(ApiException e) {
        if (!end()) {
            return ExitCode.UNEXPECTED;
        }
        int code = ErrorOutput.failed(console, e, false);
        goOnWith(e.resumeToken());
        return code;
    }

    /** Ends it behind the last page that was printed, unless it has ended before. */
    synchronized void breakOff(String why) {
        if (end()) {
            console.complain("broken off after " + items + " items: " + why);
            goOnWith(token);
            console.err().flush();
        }
    }

    /** Called by the signal that ends the process. */
    void interrupted() {
        breakOff("interrupted");
    }

    private void goOnWith(@Nullable String resumeToken) {
        if (resumeToken != null) {
            console.complain("go on with --resume " + resumeToken);
        }
    }
}
