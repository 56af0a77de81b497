package io.penstock.cli;

import java.io.PrintWriter;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a command may touch of the process it runs in.
 *
 * @param out results
 * @param err what went wrong, and journeys
 * @param environment the environment variables by name
 */
record Console(PrintWriter out, PrintWriter err, Function<String, @Nullable String> environment) {

    private static final String PROGRAM = "penstock: ";

    /** One line about a failure. Control characters, which a server or a typo may bring in, are escaped. */
    void complain(String message) {
        err.println(PROGRAM + Printable.line(message));
    }
}
