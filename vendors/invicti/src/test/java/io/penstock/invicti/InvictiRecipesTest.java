package io.penstock.invicti;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.download.Download;
import io.penstock.invicti.model.ApiTarget;
import io.penstock.invicti.model.NewScan;
import io.penstock.invicti.model.Scan;
import io.penstock.test.simulator.JobCourse;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The recipes of {@code docs/vendors/invicti.md} against the simulator. */
class InvictiRecipesTest extends InvictiTest {

    private static final String PROFILE = "11111111-1111-1111-1111-111111111112";

    @Test
    void scansEveryTargetAndWaits() {
        simulator.addTarget("Shop", "https://shop.example");
        simulator.addTarget("Blog", "https://blog.example");
        simulator.scansTake(JobCourse.starting("completed"));
        // guide: scan
        Flux<Scan> ended = invicti.targets(ListQuery.all())
                .items()
                .concatMap(target -> invicti.startScan(NewScan.authorized(target.id(), PROFILE)))
                .flatMap(started -> invicti.watchScan(started).result());
        // guide: end

        assertThat(ended.collectList().block(PATIENCE)).hasSize(2);
    }

    @Test
    void archivesAuditLogOfDay(@TempDir Path directory) {
        LocalDate day = LocalDate.now(ZoneOffset.UTC);
        // guide: audit
        Mono<Download> archived =
                invicti.auditLog("csv", day.minusDays(1), day, null, directory.resolve("audit-" + day + ".csv"));
        // guide: end

        assertThat(archived.block(PATIENCE).path())
                .hasBinaryContent(
                        invicti.auditLog("csv", day.minusDays(1), day, null).block(PATIENCE));
    }

    @Test
    void importsFindingsAndListsVulnerableApis() {
        Map<String, Object> sarif = Map.of("version", "2.1.0", "runs", List.of());
        // guide: sarif
        Mono<JsonNode> imported = invicti.importSarif(sarif);
        Flux<ApiTarget> apis = invicti.apiTargets(ListQuery.all()).items();
        // guide: end

        imported.block(PATIENCE);
        apis.blockLast(PATIENCE);
        assertThat(simulator.effects().count("POST /api/external-scan/v1/import/sarif-imports"))
                .isEqualTo(1);
    }
}
