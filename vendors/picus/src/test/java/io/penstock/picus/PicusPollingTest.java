package io.penstock.picus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.picus.model.NewSimulation;
import io.penstock.picus.model.Report;
import io.penstock.picus.model.ReportOrder;
import io.penstock.picus.model.RunResult;
import io.penstock.picus.model.Simulation;
import io.penstock.picus.model.SimulationStatus;
import io.penstock.picus.model.StartedSimulation;
import io.penstock.polling.PollState;
import io.penstock.test.Await;
import io.penstock.test.SteppedClock;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.picus.ItemShape;
import io.penstock.test.simulator.picus.PicusRules;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Long operations of Picus, over sockets, with an interval short enough for a test. */
class PicusPollingTest extends PicusTest {

    private static final Duration SHORT = Duration.ofMillis(40);
    private static final Duration STEP = Duration.ofMinutes(1);
    private static final JobCourse COURSE = JobCourse.starting("SCHEDULED")
            .then(STEP, "RUNNING")
            .then(STEP, "HAVING A REST")
            .then(STEP, "COMPLETED");

    private final SteppedClock clock = SteppedClock.startingNow();

    @BeforeEach
    void start() {
        restart(PicusRules.documented().withClock(clock));
    }

    private StartedSimulation started(JobCourse course) {
        simulator.runsTake(course);
        return picus.simulations()
                .create(NewSimulation.of("nightly", 1, 5L).startedNow())
                .block(PATIENCE);
    }

    @Test
    void pollsAtMostEvery15Seconds() {
        assertThat(PicusVendor.SPEC.operations())
                .extracting(Object::toString)
                .containsExactly(
                        "simulation: GET v1/simulations/{Id} every 15 s ×1.5, at most 30 s, +10 %",
                        "run: GET v1/simulations/{Id}/run/{RunId} every 15 s ×1.5, at most 30 s, +10 %",
                        "report: GET v2/simulations/{Id}/results/reports/{ReportId} every 15 s ×1.5, at most 30 s, +10 %");
    }

    @Test
    void watchesSimulationThroughUnknownStates() {
        long id = started(COURSE).simulation().id();

        List<String> seen = picus.client()
                .poll(PicusSimulations.polling(id).every(SHORT))
                .map(simulation -> simulation.status().value())
                .distinctUntilChanged()
                .doOnNext(state -> clock.advance(STEP))
                .collectList()
                .block(PATIENCE);

        assertThat(seen).containsExactly("SCHEDULED", "RUNNING", "HAVING A REST", "COMPLETED");
    }

    @Test
    void reportsProgressOfRun() {
        StartedSimulation started = started(COURSE);

        var last = picus.client()
                .poll(picus.run(started.simulation().id(), started.runInfo().id())
                        .polling()
                        .every(SHORT))
                .observations()
                .doOnNext(seen -> clock.advance(STEP))
                .blockLast(PATIENCE);

        assertThat(last.status().state()).isEqualTo(PollState.SUCCEEDED);
        assertThat(last.status().progress()).isEqualTo(1.0);
        RunResult result = last.answer().value();
        assertThat(result.status()).isEqualTo(SimulationStatus.COMPLETED);
    }

    @Test
    void awaitsRunThatIsNotThereYet() {
        StartedSimulation started = started(JobCourse.starting("COMPLETED").appearingAfter(STEP));
        long before = simulator.requests().count();
        var polling = picus.run(started.simulation().id(), started.runInfo().id())
                .polling()
                .every(SHORT)
                .absentFor(PATIENCE);

        CompletableFuture<RunResult> result =
                picus.client().poll(polling).result().toFuture();
        Await.until("two polls", () -> simulator.requests().count() >= before + 2);
        assertThat(result).as("before the run is there").isNotDone();
        clock.advance(STEP);

        assertThat(result.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .join()
                        .status())
                .isEqualTo(SimulationStatus.COMPLETED);
    }

    @Test
    void failsForFailedRunAndCancelsForStoppedOne() {
        ApiException failed = failureOf(picus.simulations()
                .watch(started(JobCourse.starting("FAILED")).simulation().id())
                .result());
        StartedSimulation again = picus.simulations().start(1).block(PATIENCE);
        simulator.runsTake(JobCourse.starting("STOPPED"));
        StartedSimulation stopped =
                picus.simulations().start(again.simulation().id()).block(PATIENCE);

        assertThatObject(failed.kind()).isEqualTo(ErrorKind.JOB_FAILED);
        assertThatObject(failureOf(picus.run(
                                        stopped.simulation().id(),
                                        stopped.runInfo().id())
                                .watch()
                                .result())
                        .kind())
                .isEqualTo(ErrorKind.JOB_CANCELLED);
    }

    @Test
    void watchesReportUntilDownloadable() {
        long simulation = started(JobCourse.starting("COMPLETED")).simulation().id();
        simulator.reportsTake(JobCourse.starting("IN PROGRESS").then(STEP, "COMPLETED"));
        List<Report> ordered = picus.reports()
                .create(simulation, ReportOrder.ofLatestRun("PDF"))
                .block(PATIENCE);
        long report = ordered.get(0).id();

        String path = "/v2/simulations/" + simulation + "/results/reports/" + report;
        CompletableFuture<Report> done = picus.client()
                .poll(PicusReports.polling(simulation, report).every(SHORT))
                .result()
                .toFuture();
        Await.until("two polls", () -> simulator.requests().of("GET", path).size() >= 2);
        clock.advance(STEP);

        assertThat(done.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .join()
                        .status()
                        .isCompleted())
                .isTrue();
        assertThat(picus.reports().download(simulation, report).block(PATIENCE)).isNotEmpty();
    }

    /** Polls the operation as the command line does: as a tree, wrapped or bare. */
    @Test
    void readsSimulationAsTreeInBothForms() {
        for (ItemShape shape : ItemShape.values()) {
            restart(PicusRules.documented().withItemShape(shape));
            long id = started(JobCourse.starting("COMPLETED")).simulation().id();

            assertThat(picus.client()
                            .poll(PicusVendor.SIMULATION.polling(id))
                            .result()
                            .block(PATIENCE)
                            .path("status")
                            .asString())
                    .as(shape.toString())
                    .isEqualTo("COMPLETED");
            Simulation typed = picus.simulations().watch(id).result().block(PATIENCE);
            assertThat(typed.status()).isEqualTo(SimulationStatus.COMPLETED);
        }
    }
}
