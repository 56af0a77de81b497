package io.penstock.test.simulator.picus;

/** Which of the documented error bodies an operation answers with. */
enum ErrorShape {
    /** {@code {"message":…,"error_code":…,"errors":…}}. */
    PLAIN,
    /** {@code {"code":…,"message":…,"errors":…,"success":false}}: custom detection content and version 2. */
    CODED,
    /** The plain one with {@code "success":false}: deleting and cancelling a simulation. */
    FLAGGED
}
