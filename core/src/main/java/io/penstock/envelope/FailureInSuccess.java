package io.penstock.envelope;

/** A 2xx whose body is the vendor's error envelope. */
final class FailureInSuccess extends Exception {

    private static final long serialVersionUID = 1L;

    FailureInSuccess() {
        super("error envelope in a success", null, false, false);
    }
}
