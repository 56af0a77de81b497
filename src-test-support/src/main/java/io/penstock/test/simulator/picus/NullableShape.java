package io.penstock.test.simulator.picus;

/** What a member that may be absent looks like on the wire; contract and recorded answers differ. */
public enum NullableShape {
    /** {@code {"Int64":5,"Valid":true}}, absent with {@code "Valid":false} (contract). */
    STRUCT,
    /** {@code 5}, absent as {@code null} (recorded answers). */
    PLAIN
}
