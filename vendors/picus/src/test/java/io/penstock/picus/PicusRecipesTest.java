package io.penstock.picus;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.download.Download;
import io.penstock.paging.Pages;
import io.penstock.picus.model.NewSimulation;
import io.penstock.picus.model.ReportOrder;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.JobCourse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The recipes of {@code docs/vendors/picus.md} against the simulator. */
class PicusRecipesTest extends PicusTest {

    @Test
    void runsSimulationAndDownloadsItsReport(@TempDir Path directory) {
        simulator.runsTake(JobCourse.starting("COMPLETED"));
        simulator.reportsTake(JobCourse.starting("COMPLETED"));
        Path file = directory.resolve("nightly.pdf");
        // guide: report
        Mono<Download> report = picus.simulations()
                .create(NewSimulation.of("nightly", 1, 5L).startedNow())
                .flatMap(started -> picus.run(
                                started.simulation().id(), started.runInfo().id())
                        .watch()
                        .result())
                .flatMap(run -> picus.reports()
                        .create(run.simulationId(), ReportOrder.ofRun(run.simulationRunId(), "PDF"))
                        .flatMap(ordered -> picus.reports()
                                .watch(run.simulationId(), ordered.get(0).id())
                                .result())
                        .flatMap(ready -> picus.reports().downloadUrl(run.simulationId(), ready.id())))
                .flatMap(url -> picus.reports().download(url, file));
        // guide: end

        assertThat(report.block(PATIENCE).bytes()).isPositive();
        assertThat(file).isNotEmptyFile();
    }

    @Test
    void continuesExportWhereItBroke() {
        List<String> stored = new ArrayList<>();
        AtomicReference<String> token = new AtomicReference<>();
        Function<List<JsonNode>, Mono<Void>> store = items -> Mono.fromRunnable(
                () -> items.forEach(item -> stored.add(item.get("name").asString())));
        Function<String, Mono<Void>> remember = next -> Mono.fromRunnable(() -> token.set(next));
        simulator
                .faults()
                .on("GET", "/v1/mitigation/generic/not-blocked-actions", Fault.delay(Duration.ZERO), Fault.status(400));
        // guide: export
        Pages<JsonNode> actions =
                picus.mitigation().notBlockedActions(ListQuery.of(25, 0).where("is_all_assessments", true));
        Pages<JsonNode> rest = token.get() == null ? actions : actions.resumeFrom(token.get());
        Mono<Void> export = rest.concatMap(page -> store.apply(page.items())
                        .then(Mono.justOrEmpty(page.resumeToken()).flatMap(remember)))
                .then();
        // guide: end

        failureOf(export);
        assertThat(stored).hasSize(25);
        actions.resumeFrom(token.get())
                .concatMap(page -> store.apply(page.items()))
                .blockLast(PATIENCE);
        assertThat(stored).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void handsFindingsOfRunToTracker() {
        long id = picus.simulations()
                .create(NewSimulation.of("nightly", 1, 5L).startedNow())
                .block(PATIENCE)
                .simulation()
                .id();
        List<String> tickets = new ArrayList<>();
        Function<JsonNode, Mono<Void>> openTicket =
                threat -> Mono.fromRunnable(() -> tickets.add(threat.get("name").asString()));
        // guide: findings
        Mono<Long> opened = picus.latestRun(id)
                .threats(ListQuery.of(50, 0))
                .items()
                .flatMap(threat -> openTicket.apply(threat).thenReturn(threat), 4)
                .count();
        // guide: end

        assertThat(opened.block(PATIENCE)).isEqualTo(60);
        assertThat(tickets).hasSize(60);
    }
}
