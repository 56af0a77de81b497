package io.penstock.test.simulator.picus;

/** What the member {@code errors} of an error body looks like. */
public enum ErrorsMember {
    /** {@code {"error1":"message"}} (page "response-codes-errors"). */
    MAP,
    /** {@code "[\"error1\", \"error2\"]"}: a string that looks like JSON (examples of the contract). */
    STRING,
    /** Not there; it is optional. */
    ABSENT
}
