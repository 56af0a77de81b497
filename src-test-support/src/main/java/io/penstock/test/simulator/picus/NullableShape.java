package io.penstock.test.simulator.picus;

/** The form of a nullable member on the wire. Contract and recorded answers differ. */
public enum NullableShape {
    /** {@code {"Int64":5,"Valid":true}}, absent with {@code "Valid":false} (contract). */
    STRUCT,
    /** {@code 5}, absent as {@code null} (recorded answers). */
    PLAIN
}
