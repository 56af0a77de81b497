package io.penstock.test.simulator.picus;

/** The form of the member {@code errors} in an error body. */
public enum ErrorsMember {
    /** {@code {"error1":"message"}} (page "response-codes-errors"). */
    MAP,
    /** {@code "[\"error1\", \"error2\"]"}: a string that looks like JSON (examples of the contract). */
    STRING,
    /** Absent; the member is optional. */
    ABSENT
}
