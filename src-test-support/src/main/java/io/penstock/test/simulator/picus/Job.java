package io.penstock.test.simulator.picus;

import java.util.Set;

/** Something that takes a while: moved on by the test's hand, or finished after so many polls. */
final class Job {

    static final String COMPLETED = "COMPLETED";

    private static final Set<String> TERMINAL = Set.of(COMPLETED, "STOPPED", "FAILED", "ERROR");

    private final String busy;
    private String status;
    private int polls;

    /**
     * A job that has not begun.
     *
     * @param busy its status while it is being polled
     */
    Job(String status, String busy) {
        this.status = status;
        this.busy = busy;
    }

    String status() {
        return status;
    }

    boolean ended() {
        return TERMINAL.contains(status);
    }

    /** Any text: the lists of statuses differ, so a client has to take unknown ones. */
    void status(String status) {
        if (status.isBlank()) {
            throw new IllegalArgumentException("status: blank (expected: a status such as RUNNING or COMPLETED)");
        }
        if (ended()) {
            throw new IllegalStateException(
                    "status: " + status + " (expected: none, it has ended as " + this.status + ")");
        }
        this.status = status;
    }

    /** Counts a poll; nothing happens if {@code pollsToFinish} is 0. */
    void poll(int pollsToFinish) {
        if (pollsToFinish > 0 && !ended()) {
            status = ++polls >= pollsToFinish ? COMPLETED : busy;
        }
    }
}
