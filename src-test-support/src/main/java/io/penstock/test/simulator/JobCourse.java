package io.penstock.test.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The course of a job: its states over time, by the simulator's clock.
 *
 * <pre>{@code
 * JobCourse.starting("queued").then(ofSeconds(1), "running").then(ofSeconds(5), "succeeded")
 *
 *  started        +1 s                    +6 s
 *  queued         running                 succeeded, from then on
 * }</pre>
 *
 * A state can be any word, so that a test can show a client states that it does not know. While a job does not exist
 * yet, the API answers with its own 404.
 *
 * @param steps the states in order; empty for a job that only the test moves on
 * @param absent the time after the start during which the job does not exist yet
 */
public record JobCourse(List<Step> steps, Duration absent) {

    /**
     * A state and its beginning.
     *
     * @param at the time from the start of the job to the beginning of the state
     * @param status the state as the API sends it
     */
    public record Step(Duration at, String status) {}

    /**
     * Validates the order of the steps.
     *
     * @throws IllegalArgumentException if a step begins before its predecessor or has a blank status, or {@code absent}
     *     is negative
     */
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

    /** Returns the course of a job that only the test moves on. */
    public static JobCourse byHand() {
        return new JobCourse(List.of(), Duration.ZERO);
    }

    /** Returns the course of a job that begins in a state and stays there. */
    public static JobCourse starting(String status) {
        return new JobCourse(List.of(new Step(Duration.ZERO, status)), Duration.ZERO);
    }

    /**
     * Returns a copy with another state at the end.
     *
     * @param after the time from the beginning of the last state to the beginning of this one
     */
    public JobCourse then(Duration after, String status) {
        List<Step> more = new ArrayList<>(steps);
        Duration last =
                steps.isEmpty() ? Duration.ZERO : steps.get(steps.size() - 1).at();
        more.add(new Step(last.plus(after), status));
        return new JobCourse(more, absent);
    }

    /** Returns a copy in which the job does not exist until that time after its start. */
    public JobCourse appearingAfter(Duration time) {
        return new JobCourse(steps, time);
    }

    /** Returns the state of a job of that age; {@code null} if only the test moves it on. */
    public @Nullable String statusAt(Duration age) {
        String status = null;
        for (Step step : steps) {
            if (step.at().compareTo(age) <= 0 || status == null) {
                status = step.status();
            }
        }
        return status;
    }

    /** Returns whether a job of that age exists. */
    public boolean existsAt(Duration age) {
        return age.compareTo(absent) >= 0;
    }
}
