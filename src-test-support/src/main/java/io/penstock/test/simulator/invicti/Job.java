package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.JobCourse;
import java.time.Duration;
import java.util.List;

/**
 * Work that takes time. A test, a course or the polls move it. The statuses are inferred from the lineage. Methods for
 * requests return whether they changed anything.
 *
 * <pre>
 *  pollsUntilDone 3    queued  poll(processing)  poll(processing)  poll(completed)
 * </pre>
 */
final class Job {

    static final List<String> STATUSES = List.of("scheduled", "queued", "processing", "completed", "failed", "aborted");

    private static final int FIRST_END = STATUSES.indexOf("completed");

    private final String what;
    private String status;
    private boolean paused;
    private int looks;
    private JobCourse course = JobCourse.byHand();
    private long begunAtMillis;

    Job(String what, String status) {
        this.what = what;
        this.status = status;
    }

    /** Sets the course that the job follows from now on. */
    Job along(JobCourse itsCourse, long nowMillis) {
        course = itsCourse;
        begunAtMillis = nowMillis;
        return this;
    }

    String status() {
        return status;
    }

    boolean isEnded() {
        return STATUSES.indexOf(status) >= FIRST_END;
    }

    boolean isCompleted() {
        return status.equals("completed");
    }

    /** Applies the course, unless the job has ended or is paused. Returns false if the job does not exist yet. */
    boolean exists(long nowMillis) {
        Duration age = Duration.ofMillis(nowMillis - begunAtMillis);
        String byNow = course.statusAt(age);
        if (byNow != null && !isEnded() && !paused) {
            status = byNow;
        }
        return course.existsAt(age);
    }

    /** Counts a poll, unless the job has ended, is paused or scheduled. */
    void poll(int pollsUntilDone) {
        if (pollsUntilDone > 0 && !isEnded() && !paused && !status.equals("scheduled")) {
            status = ++looks >= pollsUntilDone ? "completed" : "processing";
        }
    }

    void advance(String next) {
        if (!STATUSES.contains(next)) {
            throw new IllegalArgumentException(
                    "status: " + next + " (expected one of: " + String.join(", ", STATUSES) + ")");
        }
        if (isEnded()) {
            throw new IllegalStateException(what + " has ended as " + status + " (expected: one that goes on)");
        }
        status = next;
    }

    /**
     * Pauses or resumes the job. The status does not show it, which is this simulator's choice: no known status means
     * paused.
     */
    boolean pause(boolean pause) {
        boolean changes = paused != pause && !isEnded();
        paused = pause;
        return changes;
    }

    /** Ends the job, unless it has ended. */
    boolean end(String end) {
        boolean changes = !isEnded();
        if (changes) {
            status = end;
        }
        return changes;
    }

    /** Queues a scheduled job. */
    boolean trigger() {
        boolean changes = status.equals("scheduled");
        if (changes) {
            status = "queued";
        }
        return changes;
    }
}
