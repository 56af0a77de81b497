package io.penstock.test.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a job gets on by itself, by the simulator's clock:
 *
 * <pre>{@code
 * JobCourse.starting("queued").then(ofSeconds(1), "running").then(ofSeconds(5), "succeeded")
 *
 *  started        +1 s                    +6 s
 *  queued         running                 succeeded, from then on
 * }</pre>
 *
 * Any word is taken, so that a client meets states it has not heard of. What a job that does not exist yet is answered with
 * is the API's own 404.
 *
 * @param steps the states in their order; empty for a job that only the test's hand moves on
 * @param absent how long after its start the job is not there yet
 */
public record JobCourse(List<Step> steps, Duration absent) {

    /**
     * A state and when it begins.
     *
     * @param at after the start
     * @param status the word on the wire
     */
    public record Step(Duration at, String status) {}

    /** Checks the order of the steps. */
    public JobCourse {
        steps = List.copyOf(steps);
        Duration before = Duration.ZERO;
        for (Step step : steps) {
            if (step.at().compareTo(before) < 0 || step.status().isBlank()) {
                throw new IllegalArgumentException(
                        "step: " + step + " (expected: a status, not before that of the step before)");
            }
            before = step.at();
        }
        if (absent.isNegative()) {
            throw new IllegalArgumentException("absent: " + absent + " (expected: >= 0)");
        }
    }

    /** A job that does not move by itself. */
    public static JobCourse byHand() {
        return new JobCourse(List.of(), Duration.ZERO);
    }

    /** A job that begins, and stays, in that state. */
    public static JobCourse starting(String status) {
        return new JobCourse(List.of(new Step(Duration.ZERO, status)), Duration.ZERO);
    }

    /** The same, so much later in that state. */
    public JobCourse then(Duration after, String status) {
        List<Step> more = new ArrayList<>(steps);
        Duration last =
                steps.isEmpty() ? Duration.ZERO : steps.get(steps.size() - 1).at();
        more.add(new Step(last.plus(after), status));
        return new JobCourse(more, absent);
    }

    /** The same, which is not there before. */
    public JobCourse appearingAfter(Duration time) {
        return new JobCourse(steps, time);
    }

    /** The state of a job of that age; {@code null} if only the test's hand moves it. */
    public @Nullable String statusAt(Duration age) {
        String status = null;
        for (Step step : steps) {
            if (step.at().compareTo(age) <= 0 || status == null) {
                status = step.status();
            }
        }
        return status;
    }

    /** Whether a job of that age is there. */
    public boolean existsAt(Duration age) {
        return age.compareTo(absent) >= 0;
    }
}
