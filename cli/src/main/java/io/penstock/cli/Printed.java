package io.penstock.cli;

import io.penstock.Page;
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

    /** Prints a page; false if that failed, and how to go on is as before. */
    synchronized boolean page(Page<JsonNode> page) {
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

    /** Nothing more is printed. */
    synchronized void end() {
        over = true;
        if (progress && pages > 0) {
            console.err().println();
        }
    }

    synchronized void breakOff(String why) {
        end();
        console.complain("broken off after " + items + " items: " + why);
        goOnWith(token);
    }

    /** Called by the signal that ends the process. */
    synchronized void interrupted() {
        if (!over) {
            breakOff("interrupted");
            console.err().flush();
        }
    }

    void goOnWith(@Nullable String resumeToken) {
        if (resumeToken != null) {
            console.complain("go on with --resume " + resumeToken);
        }
    }
}
