package io.penstock.test.simulator.invicti;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.JobCourse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InvictiCourseTest {

    private final SteppedClock clock = SteppedClock.startingNow();
    private final InvictiSimulator invicti =
            InvictiSimulator.start(InvictiRules.documented().withClock(clock));
    private final Caller caller = new Caller(invicti);

    @BeforeEach
    void take() {
        invicti.scansTake(JobCourse.starting("queued")
                .then(Duration.ofSeconds(5), "completed")
                .appearingAfter(Duration.ofSeconds(1)));
    }

    @AfterEach
    void stop() {
        invicti.close();
    }

    @Test
    void listsScanInStateOfItsCourse() throws Exception {
        caller.scan("t");
        assertThat(statuses()).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(statuses()).containsExactly("queued");
        clock.advance(Duration.ofSeconds(4));
        assertThat(statuses()).containsExactly("completed");
    }

    @Test
    void abortsOnlyScanThatRunsByItsCourse() throws Exception {
        String id = caller.scan("t").text("scan_id");
        assertThat(caller.post(Caller.SCANS + "/" + id + "/abort", "{}").status())
                .isEqualTo(404);
        clock.advance(Duration.ofSeconds(5));
        assertThat(caller.post(Caller.SCANS + "/" + id + "/abort", "{}").status())
                .isEqualTo(204);
        assertThat(statuses()).containsExactly("completed");
        assertThat(invicti.effects().count()).isEqualTo(1);
    }

    @Test
    void listingIsNoPoll() throws Exception {
        try (InvictiSimulator polled =
                InvictiSimulator.start(InvictiRules.documented().withPollsUntilDone(1))) {
            Caller reader = new Caller(polled);
            String id = reader.scan("t").text("scan_id");
            assertThat(reader.get(Caller.SCANS).json().findValuesAsString("status"))
                    .containsExactly("queued");
            assertThat(reader.get(Caller.SCANS + "/" + id).json().findValuesAsString("status"))
                    .containsExactly("completed");
        }
    }

    private List<String> statuses() throws Exception {
        return caller.get(Caller.SCANS).json().findValuesAsString("status");
    }
}
