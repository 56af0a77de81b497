package io.penstock.pentify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.pentify.model.NewScan;
import io.penstock.pentify.model.Scan;
import io.penstock.pentify.model.ScanStatus;
import io.penstock.pentify.model.ScanType;
import io.penstock.polling.Polling;
import io.penstock.test.Await;
import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.pentify.PentifyRules;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Long operations of Pentify, over sockets, with an interval short enough for a test. */
class PentifyPollingTest extends PentifyTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration STEP = Duration.ofMinutes(1);

    private final SteppedClock clock = SteppedClock.startingNow();

    @BeforeEach
    void start() {
        restart(PentifyRules.documented().withClock(clock));
    }

    private String started(JobCourse course) {
        simulator.scansTake(course);
        Scan scan = pentify.createScan(NewScan.of("a.example", ScanType.QUICK)).block(PATIENCE);
        return scan.id();
    }

    private static Polling<Scan> brisk(String id) {
        return Pentify.scanPolling(id).every(SHORT);
    }

    @Test
    void pollsScanAtMostEvery30Seconds() {
        assertThat(pentify.watchScan("scn_1").polling().policy().interval().min())
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(pentify.watchScan("scn_1").polling().timing().limit()).isEqualTo(Duration.ofHours(2));
        assertThat(PentifyVendor.SPEC.operations())
                .hasToString("[scan: GET scans/{id} every 30 s ×1.5, at most 120 s, +10 %]");
    }

    @Test
    void watchesScanThroughUnknownStates() {
        String id =
                started(JobCourse.starting("queued").then(STEP, "calibrating").then(STEP, "succeeded"));

        List<ScanStatus> seen = pentify.client()
                .poll(brisk(id))
                .map(Scan::status)
                .distinctUntilChanged()
                .doOnNext(state -> clock.advance(STEP))
                .collectList()
                .block(PATIENCE);

        assertThat(seen).containsExactly(ScanStatus.of("queued"), ScanStatus.of("calibrating"), ScanStatus.SUCCEEDED);
    }

    @Test
    void returnsSucceededScanAsResult() {
        String id = started(JobCourse.starting("succeeded"));

        Scan scan = pentify.watchScan(id).result().block(PATIENCE);

        assertThat(scan.status()).isEqualTo(ScanStatus.SUCCEEDED);
        assertThat(scan.target()).isEqualTo("a.example");
    }

    @Test
    void failsForFailedOrCancelledScan() {
        ApiException failed = failureOf(
                pentify.watchScan(started(JobCourse.starting("failed"))).result());
        ApiException cancelled = failureOf(
                pentify.watchScan(started(JobCourse.starting("cancelled"))).result());

        assertThatObject(failed.kind()).isEqualTo(ErrorKind.JOB_FAILED);
        assertThat(failed).isInstanceOf(PentifyException.class);
        assertThatObject(cancelled.kind()).isEqualTo(ErrorKind.JOB_CANCELLED);
    }

    @Test
    void keepsIntervalAndSurvivesOutage() {
        String id = started(JobCourse.starting("succeeded"));
        String path = "/v1/scans/" + id;
        simulator.faults().on("GET", path, Fault.status(503), Fault.resetAfterEffect(), Fault.status(500));

        assertThat(pentify.client().poll(brisk(id)).result().block(PATIENCE).status())
                .isEqualTo(ScanStatus.SUCCEEDED);

        List<LoggedRequest> polls = simulator.requests().of("GET", path);
        assertThat(polls).hasSizeGreaterThan(3);
        for (int i = 1; i < polls.size(); i++) {
            assertThat(Duration.between(polls.get(i - 1).at(), polls.get(i).at()))
                    .isGreaterThanOrEqualTo(SHORT);
        }
    }

    @Test
    void reportsMissingScanAtOnce() {
        ApiException e = failureOf(pentify.watchScan("scn_nobody").result());

        assertThat(e).isInstanceOf(PentifyException.NotFound.class);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void endsPollingWhenTokensRunOut() {
        String id = started(JobCourse.starting("running"));
        simulator.faults().on("GET", "/v1/scans/" + id, json(402, "{\"error\":{\"code\":\"insufficient_tokens\"}}"));

        assertThat(failureOf(pentify.watchScan(id).result())).isInstanceOf(PentifyException.InsufficientTokens.class);
    }

    /** A 404 with the code {@code not_paired_yet} is not an error; any other 404 is. */
    @Test
    void awaitsPairingByItsCode() {
        var polling = pentify.watchPairing("device-1").polling().every(SHORT);
        Mono<String> token = pentify.client()
                .poll(polling)
                .result()
                .map(answer -> answer.toString())
                .cache();
        token.subscribe();
        Await.until("three polls", () -> simulator.requests().count() >= 3);
        String minted = simulator.pair("device-1");

        assertThat(token.block(PATIENCE)).contains(minted);
        assertThat(failureOf(pentify.client().poll(polling).result()))
                .isInstanceOf(PentifyException.PairingConsumed.class);
        assertThat(failureOf(pentify.client()
                        .poll(pentify.watchPairing("device-2")
                                .polling()
                                .every(SHORT)
                                .absentFor(SHORT.multipliedBy(3), "not_paired_yet"))
                        .result()))
                .isInstanceOf(PentifyException.NotPairedYet.class)
                .hasMessageContaining("still not there after 150 ms");
    }
}
