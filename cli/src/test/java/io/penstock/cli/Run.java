package io.penstock.cli;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.retry.Backoff;
import io.penstock.spec.VendorSpec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/** A run of the program in this process, and what it left behind. Its own waits before it sends again are short. */
record Run(int code, String out, String err) {

    private static final Backoff SHORT = new Backoff(Duration.ofMillis(10), 2, Duration.ofMillis(40), 0.25);

    static Run of(Map<String, String> environment, String... args) {
        return run(environment, false, Run::patient, args);
    }

    static Run of(String... args) {
        return of(Map.of(), args);
    }

    /** A run that somebody looks at. */
    static Run onTerminal(Map<String, String> environment, String... args) {
        return run(environment, true, Run::patient, args);
    }

    /** A run that sends nothing twice. */
    static Run sendingOnce(Map<String, String> environment, String... args) {
        return run(
                environment,
                false,
                spec -> ApiClient.builder(spec).retry(spec.retry().withMaxAttempts(1)),
                args);
    }

    private static ApiClientBuilder patient(VendorSpec spec) {
        return ApiClient.builder(spec).retry(spec.retry().withBackoff(SHORT));
    }

    private static Run run(
            Map<String, String> environment,
            boolean terminal,
            Function<VendorSpec, ApiClientBuilder> clients,
            String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console =
                new Console(new PrintWriter(out), new PrintWriter(err), environment::get, () -> terminal, clients);
        int code = Main.run(args, console);
        return new Run(code, out.toString(), err.toString());
    }
}
