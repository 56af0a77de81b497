package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.JobCourse;
import java.time.Duration;
import java.util.Set;

/** Something that takes a while: moved on by the test's hand, or finished after so many polls. */
final class Job {

    static final String COMPLETED = "COMPLETED";

    private static final Set<String> TERMINAL = Set.of(COMPLETED, "STOPPED", "FAILED", "ERROR");

    private final String busy;
    private String status;
    private int polls;
    private JobCourse course = JobCourse.byHand();
    private long begunAtMillis;

    /**
     * A job that has not begun.
     *
     * @param busy its status while it is being polled
     */
    Job(String status, String busy) {
        this.status = status;
        this.busy = busy;
    }

    /** Gets on by itself from now on. */
    Job along(JobCourse itsCourse, long nowMillis) {
        course = itsCourse;
        begunAtMillis = nowMillis;
        String first = course.statusAt(Duration.ZERO);
        status = first == null ? status : first;
        return this;
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

    /** Counts a poll, and looks at the clock; false if the job is not there yet. */
    boolean poll(int pollsToFinish, long nowMillis) {
        Duration age = Duration.ofMillis(nowMillis - begunAtMillis);
        String byNow = course.statusAt(age);
        if (byNow != null && !ended()) {
            status = byNow;
        }
        if (pollsToFinish > 0 && !ended()) {
            status = ++polls >= pollsToFinish ? COMPLETED : busy;
        }
        return course.existsAt(age);
    }
}
