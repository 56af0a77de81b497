package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.JobCourse;
import java.time.Duration;
import java.util.Set;

/** Work that takes time. A test or a course moves it, or it completes after a number of polls. */
final class Job {

    static final String COMPLETED = "COMPLETED";

    private static final Set<String> TERMINAL = Set.of(COMPLETED, "STOPPED", "FAILED", "ERROR");

    private final String busy;
    private String status;
    private int polls;
    private JobCourse course = JobCourse.byHand();
    private long begunAtMillis;

    /**
     * Creates a job that has not begun.
     *
     * @param busy its status while it is being polled
     */
    Job(String status, String busy) {
        this.status = status;
        this.busy = busy;
    }

    /** Sets the course that the job follows from now on. */
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

    /** Sets the status to any text. The lists of statuses differ, so a client must accept unknown ones. */
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

    /** Applies the course, unless the job has ended. Returns false if the job does not exist yet. */
    boolean exists(long nowMillis) {
        Duration age = Duration.ofMillis(nowMillis - begunAtMillis);
        String byNow = course.statusAt(age);
        if (byNow != null && !ended()) {
            status = byNow;
        }
        return course.existsAt(age);
    }

    /** Counts a poll, unless the job has ended. */
    void poll(int pollsToFinish) {
        if (pollsToFinish > 0 && !ended()) {
            status = ++polls >= pollsToFinish ? COMPLETED : busy;
        }
    }
}
