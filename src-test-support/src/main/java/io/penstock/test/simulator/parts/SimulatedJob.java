package io.penstock.test.simulator.parts;

import io.penstock.test.simulator.JobCourse;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/**
 * Work that takes time. A course or a test moves it. Guarded by the monitor of the {@link SimulatedState}.
 *
 * <p>A request reads the status after {@link #exists()}, which applies the course.
 */
public class SimulatedJob {

    private final Set<String> ends;
    private final JobCourse course;
    private final Clock clock;
    private final long begunAtMillis;
    private String status;

    /**
     * Creates a job that begins now.
     *
     * @param status the first status, unless the course has one
     * @param ends the statuses of jobs that have ended
     */
    public SimulatedJob(String status, Set<String> ends, JobCourse course, Clock clock) {
        this.ends = ends;
        this.course = course;
        this.clock = clock;
        this.begunAtMillis = clock.millis();
        String first = course.statusAt(Duration.ZERO);
        this.status = first == null ? status : first;
    }

    /** Returns the status. */
    public final String status() {
        return status;
    }

    /** Returns whether the job has ended. */
    public final boolean isEnded() {
        return ends.contains(status);
    }

    /** Applies the course, if the job goes on. Returns false if the job does not exist yet. */
    public final boolean exists() {
        Duration age = Duration.ofMillis(clock.millis() - begunAtMillis);
        String byNow = course.statusAt(age);
        if (byNow != null && goesOn()) {
            status = byNow;
        }
        return course.existsAt(age);
    }

    /** Returns whether time or polls move the job: it has not ended. */
    protected boolean goesOn() {
        return !isEnded();
    }

    /** Sets the status. */
    public final void become(String next) {
        status = next;
    }
}
