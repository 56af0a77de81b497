package io.penstock.test.simulator.picus;

/** The documented shapes of an operation's errors. */
enum ErrorShape {
    /** {@code {"message":…,"error_code":…,"errors":…}}. */
    PLAIN,
    /** {@code {"code":…,"message":…,"errors":…,"success":false}}: custom detection content and version 2. */
    CODED,
    /** Like {@link #PLAIN}, with {@code "success":false}: deleting and cancelling a simulation. */
    FLAGGED
}
