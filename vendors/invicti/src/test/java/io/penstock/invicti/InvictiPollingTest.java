package io.penstock.invicti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.invicti.model.Created;
import io.penstock.invicti.model.NewScan;
import io.penstock.invicti.model.Scan;
import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.invicti.InvictiRules;
import io.penstock.test.simulator.invicti.ScanAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Long operations of Invicti, over sockets, with an interval short enough for a test. */
class InvictiPollingTest extends InvictiTest {

    private static final Duration SHORT = Duration.ofMillis(40);
    private static final Duration STEP = Duration.ofMinutes(1);

    private Created<Scan> started(JobCourse course) {
        simulator.scansTake(course);
        return invicti.startScan(NewScan.authorized("t1", "11111111-1111-1111-1111-111111111112"))
                .block(PATIENCE);
    }

    @Test
    void watchesScanThroughUnknownStates() {
        SteppedClock clock = SteppedClock.startingNow();
        restart(InvictiRules.documented().withClock(clock));
        Created<Scan> started =
                started(JobCourse.starting("queued").then(STEP, "digesting").then(STEP, "completed"));

        List<String> seen = invicti.client()
                .poll(invicti.scanPolling(started.id()).every(SHORT))
                .map(scan -> scan.more().get("current_session").path("status").asString())
                .distinctUntilChanged()
                .doOnNext(state -> clock.advance(STEP))
                .collectList()
                .block(PATIENCE);

        assertThat(seen).containsExactly("queued", "digesting", "completed");
    }

    @Test
    void failsForFailedOrAbortedScan() {
        assertThatObject(failureOf(invicti.watchScan(started(JobCourse.starting("failed")))
                                .result())
                        .kind())
                .isEqualTo(ErrorKind.JOB_FAILED);
        assertThatObject(failureOf(invicti.watchScan(
                                        started(JobCourse.starting("aborted")).id())
                                .result())
                        .kind())
                .isEqualTo(ErrorKind.JOB_CANCELLED);
    }

    /** The result of the start contains an estimate; there is no poll before it. */
    @Test
    void startsPollingAtEstimateOfStart() {
        restart(InvictiRules.documented().withScanAnswer(ScanAnswer.SUCCEEDED));
        Created<Scan> started = started(JobCourse.starting("completed"));
        Instant estimate = started.body().estimatedCompletionTime().toInstant();
        long before = simulator.requests().count();

        assertThat(invicti.watchScan(started).polling().timing().expectedAt()).isEqualTo(estimate);
        invicti.watchScan(started).take(Duration.ofMillis(200)).blockLast(PATIENCE);

        assertThat(simulator.requests().count()).as("polls before the estimate").isEqualTo(before);
    }

    @Test
    void rejectsWatchOfStartWithoutId() {
        assertThatThrownBy(() -> invicti.watchScan(new Created<Scan>(null, null, null)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("scan: the answer to its start has no id (expected: one");
    }

    @Test
    void pollsUnderPrefixOfScans() {
        assertThat(invicti.at(Resource.SCANS, "api/1.0").scanPolling("s1").request())
                .hasToString("GET api/1.0/scans/{scan}");
        assertThat(invicti.watchScan("s1").polling().policy().interval().min()).isEqualTo(Duration.ofSeconds(30));
    }
}
