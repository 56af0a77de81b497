package io.penstock.spring;

import io.penstock.error.ApiException;

/** A property that is missing or cannot be used. The message names it and what is expected, and never its value. */
public final class BadPropertyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String EXPECTED = "(expected: ";

    BadPropertyException(String property, String problem, String expected) {
        super(property + ": " + problem + " " + EXPECTED + expected + ")");
    }

    /** Returns the error for a value that the library has refused. Of its message, only the expectation is kept. */
    static BadPropertyException of(String property, ApiException refusal) {
        String message = String.valueOf(refusal.getMessage());
        int at = message.indexOf(EXPECTED);
        String expected = at < 0
                ? "another value"
                : message.substring(at + EXPECTED.length()).replaceFirst("\\)$", "");
        return new BadPropertyException(property, "cannot be used", expected);
    }
}
