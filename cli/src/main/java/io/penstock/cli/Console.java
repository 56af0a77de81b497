package io.penstock.cli;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.spec.VendorSpec;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The parts of its process that a command may use.
 *
 * @param out the writer for results
 * @param err the writer for errors and journeys
 * @param environment the environment variables by name
 * @param terminal whether {@code err} is a terminal, on which a line can be erased
 * @param clients creates a builder for a client of a vendor
 */
record Console(
        PrintWriter out,
        PrintWriter err,
        Function<String, @Nullable String> environment,
        BooleanSupplier terminal,
        Function<VendorSpec, ApiClientBuilder> clients) {

    /** Creates a console whose clients have the vendors' defaults. */
    Console(
            PrintWriter out,
            PrintWriter err,
            Function<String, @Nullable String> environment,
            BooleanSupplier terminal) {
        this(out, err, environment, terminal, ApiClient::builder);
    }

    /** Creates a console without a terminal. */
    Console(PrintWriter out, PrintWriter err, Function<String, @Nullable String> environment) {
        this(out, err, environment, () -> false);
    }

    private static final String PROGRAM = "penstock: ";

    /** Prints one line about a failure. Escapes control characters, which may come from a server or a typo. */
    void complain(String message) {
        err.println(PROGRAM + Printable.line(message));
    }
}
