package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.parts.SimulatedJob;
import java.time.Clock;
import java.util.Set;

/** Work that takes time. A test or a course moves it, or it completes after a number of polls. */
final class Job extends SimulatedJob {

    static final String COMPLETED = "COMPLETED";

    private static final Set<String> TERMINAL = Set.of(COMPLETED, "STOPPED", "FAILED", "ERROR");

    private final String busy;
    private int polls;

    /**
     * Creates a job that begins now.
     *
     * @param busy its status while it is being polled
     */
    Job(String status, String busy, JobCourse course, Clock clock) {
        super(status, TERMINAL, course, clock);
        this.busy = busy;
    }

    /** Sets the status to any text. The lists of statuses differ, so a client must accept unknown ones. */
    void status(String status) {
        if (status.isBlank()) {
            throw new IllegalArgumentException("status: blank (expected: a status such as RUNNING or COMPLETED)");
        }
        if (isEnded()) {
            throw new IllegalStateException(
                    "status: " + status + " (expected: none, it has ended as " + status() + ")");
        }
        become(status);
    }

    /** Counts a poll, unless the job has ended. */
    void poll(int pollsToFinish) {
        if (pollsToFinish > 0 && goesOn()) {
            become(++polls >= pollsToFinish ? COMPLETED : busy);
        }
    }
}
