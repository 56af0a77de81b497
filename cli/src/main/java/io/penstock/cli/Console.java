package io.penstock.cli;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.spec.VendorSpec;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a command may touch of the process it runs in.
 *
 * @param out results
 * @param err what went wrong, and journeys
 * @param environment the environment variables by name
 * @param terminal whether {@code err} is a terminal, on which a line can be erased
 * @param clients begins a client of a vendor
 */
record Console(
        PrintWriter out,
        PrintWriter err,
        Function<String, @Nullable String> environment,
        BooleanSupplier terminal,
        Function<VendorSpec, ApiClientBuilder> clients) {

    /** With clients as each vendor wants them. */
    Console(
            PrintWriter out,
            PrintWriter err,
            Function<String, @Nullable String> environment,
            BooleanSupplier terminal) {
        this(out, err, environment, terminal, ApiClient::builder);
    }

    /** With no terminal. */
    Console(PrintWriter out, PrintWriter err, Function<String, @Nullable String> environment) {
        this(out, err, environment, () -> false);
    }

    private static final String PROGRAM = "penstock: ";

    /** One line about a failure. Control characters, which a server or a typo may bring in, are escaped. */
    void complain(String message) {
        err.println(PROGRAM + Printable.line(message));
    }
}
