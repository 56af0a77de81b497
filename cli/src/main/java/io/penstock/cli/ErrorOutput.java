package io.penstock.cli;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Output about failures: never a stack trace, never a secret. */
final class ErrorOutput {

    private ErrorOutput() {}

    /**
     * Prints a line about the failure, and its journey unless the failure preceded the call. Returns the exit code.
     *
     * @param timeline whether to print each attempt and the server's last response
     */
    static int failed(Console console, ApiException e, boolean timeline) {
        if (e.kind() == ErrorKind.INVALID_REQUEST || e.kind() == ErrorKind.INVALID_CONFIGURATION) {
            console.complain(String.valueOf(e.getMessage()));
            return ExitCode.BAD_INPUT;
        }
        Instant again = e.retryAt();
        console.complain(e.kind() + ", " + e.certainty() + ": " + e.getMessage()
                + (again == null ? "" : " (try again at " + again.truncatedTo(ChronoUnit.MILLIS) + ")"));
        console.err().println(timeline ? e.journey().timeline() : e.journey().toString());
        String excerpt = e.bodyExcerpt();
        if (timeline && excerpt != null) {
            console.err().println("  body: " + Printable.line(excerpt));
        }
        return ExitCode.of(e.kind());
    }

    /** Prints a line about arguments that do not fit the command. Returns the exit code. */
    static int badSyntax(Console console, ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        console.complain(what(e, command));
        return ExitCode.BAD_INPUT;
    }

    private static String what(ParameterException e, String command) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().get(0);
            if (first.startsWith("--secret")) {
                return "--secret: no such option, a secret is never taken from an argument (expected: an environment"
                        + " variable, or a file named with --secret-file; see " + command + " --help)";
            }
            // The value after an unknown option may be a secret, so only the name is printed.
            return first.startsWith("-")
                    ? "option " + first.split("=", 2)[0] + ": unknown (expected: one of " + command + " --help)"
                    : "argument " + first + ": not understood (expected: what " + command + " --help lists)";
        }
        return e.getMessage() + " (expected: see " + command + " --help)";
    }
}
