package io.penstock.cli;

/**
 * An argument that cannot be used as given. The message is one line: argument, value, expected value, remedy. Ends the
 * program with {@link ExitCode#BAD_INPUT}.
 */
final class BadArgument extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadArgument(String message) {
        super(message, null, false, false);
    }

    /** Creates the exception for an argument whose value may be repeated in the message. */
    static BadArgument of(String argument, String value, String why, String expected) {
        return new BadArgument(argument + " " + value + ": " + why + " (expected: " + expected + ")");
    }
}
