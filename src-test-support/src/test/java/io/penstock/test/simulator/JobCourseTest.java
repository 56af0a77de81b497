package io.penstock.test.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobCourseTest {

    private static final JobCourse COURSE = JobCourse.starting("queued")
            .then(Duration.ofSeconds(1), "calibrating")
            .then(Duration.ofSeconds(5), "succeeded")
            .appearingAfter(Duration.ofMillis(300));

    @ParameterizedTest
    @CsvSource({
        "0, queued, false", "299, queued, false", "300, queued, true", "999, queued, true",
        "1000, calibrating, true", "5999, calibrating, true", "6000, succeeded, true", "99999, succeeded, true"
    })
    void returnsStateForAgeOfJob(long millis, String status, boolean exists) {
        assertThat(COURSE.statusAt(Duration.ofMillis(millis))).isEqualTo(status);
        assertThat(COURSE.existsAt(Duration.ofMillis(millis))).isEqualTo(exists);
    }

    @Test
    void returnsNoStateWhenMovedByHand() {
        assertThat(JobCourse.byHand().statusAt(Duration.ofDays(1))).isNull();
        assertThat(JobCourse.byHand().existsAt(Duration.ZERO)).isTrue();
    }

    @Test
    void rejectsStepsIntoThePast() {
        assertThatIllegalArgumentException().isThrownBy(() -> COURSE.then(Duration.ofSeconds(-1), "again"));
        assertThatIllegalArgumentException().isThrownBy(() -> COURSE.then(Duration.ZERO, " "));
        assertThatIllegalArgumentException().isThrownBy(() -> COURSE.appearingAfter(Duration.ofSeconds(-1)));
    }
}
