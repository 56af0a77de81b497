package io.penstock.cli;

/**
 * An argument that cannot be used as given. The message is one line: what, value, what was expected, what to do. Ends the
 * program with {@link ExitCode#BAD_INPUT}.
 */
final class BadArgument extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadArgument(String message) {
        super(message, null, false, false);
    }

    /** For an argument with a value that may be repeated. */
    static BadArgument of(String argument, String value, String why, String expected) {
        return new BadArgument(argument + " " + value + ": " + why + " (expected: " + expected + ")");
    }
}
