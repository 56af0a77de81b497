package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.parts.SimulatedJob;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/**
 * Work that takes time. A test, a course or the polls move it. The statuses are inferred from the lineage. Methods for
 * requests return whether they changed anything.
 *
 * <pre>
 *  pollsUntilDone 3    queued  poll(processing)  poll(processing)  poll(completed)
 * </pre>
 */
final class Job extends SimulatedJob {

    static final List<String> STATUSES = List.of("scheduled", "queued", "processing", "completed", "failed", "aborted");

    private static final Set<String> ENDS = Set.of("completed", "failed", "aborted");

    private final String what;
    private boolean paused;
    private int looks;

    Job(String what, String status, JobCourse course, Clock clock) {
        super(status, ENDS, course, clock);
        this.what = what;
    }

    boolean isCompleted() {
        return status().equals("completed");
    }

    @Override
    protected boolean goesOn() {
        return super.goesOn() && !paused;
    }

    /** Counts a poll, unless the job has ended, is paused or scheduled. */
    void poll(int pollsUntilDone) {
        if (pollsUntilDone > 0 && goesOn() && !status().equals("scheduled")) {
            become(++looks >= pollsUntilDone ? "completed" : "processing");
        }
    }

    void advance(String next) {
        if (!STATUSES.contains(next)) {
            throw new IllegalArgumentException(
                    "status: " + next + " (expected one of: " + String.join(", ", STATUSES) + ")");
        }
        if (isEnded()) {
            throw new IllegalStateException(what + " has ended as " + status() + " (expected: one that goes on)");
        }
        become(next);
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
            become(end);
        }
        return changes;
    }

    /** Queues a scheduled job. */
    boolean trigger() {
        boolean changes = status().equals("scheduled");
        if (changes) {
            become("queued");
        }
        return changes;
    }
}
