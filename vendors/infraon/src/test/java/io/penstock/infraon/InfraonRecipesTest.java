package io.penstock.infraon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.infraon.model.FileAttachment;
import io.penstock.infraon.model.IncidentRow;
import io.penstock.infraon.model.ListQuery;
import io.penstock.infraon.model.Lookup;
import io.penstock.infraon.model.NewIncident;
import io.penstock.infraon.model.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The recipes of {@code docs/vendors/infraon.md} against the simulator. */
class InfraonRecipesTest extends InfraonTest {

    @Test
    void opensIncidentWithEvidence(@TempDir Path directory) throws IOException {
        Path log = Files.writeString(directory.resolve("scan.log"), "12 findings");
        // guide: incident
        NewIncident incident = NewIncident.of("12 findings on shop.example", "soc@example.com")
                .rated(Lookup.Urgency.HIGH, Lookup.Priority.HIGH, Lookup.Impact.BUSINESS)
                .standing("Open", "Major");
        Mono<Result<JsonNode>> opened = infraon.createIncident(incident)
                .flatMap(created -> infraon.addAttachment(created.id(), FileAttachment.of(log, "text/plain")));
        // guide: end

        assertThat(opened.block(PATIENCE)).isNotNull();
        assertThat(simulator.effects().count()).isEqualTo(2);
    }

    @Test
    void closesIncidentByItsDisplayId() {
        String displayId = infraon.createIncident(NewIncident.of("a", "user@example.com"))
                .block(PATIENCE)
                .data()
                .displayId();
        // guide: display-id
        Mono<Result<JsonNode>> updated = infraon.incidents(ListQuery.first())
                .items()
                .filter(row -> displayId.equals(row.displayId()))
                .next()
                .flatMap(row -> infraon.updateIncident(row.pathId(), edit -> edit.description("solved")));
        // guide: end

        assertThat(updated.blockOptional(PATIENCE)).isPresent();
    }

    @Test
    void exportsIncidentsPageByPage() {
        simulator.addIncidents(5);
        List<String> stored = new ArrayList<>();
        Function<List<IncidentRow>, Mono<Void>> store =
                rows -> Mono.fromRunnable(() -> rows.forEach(row -> stored.add(row.displayId())));
        // guide: export
        Flux<String> tokens = infraon.incidents(ListQuery.first().withItemsPerPage(2))
                .concatMap(page -> store.apply(page.items()).then(Mono.justOrEmpty(page.resumeToken())));
        // guide: end

        assertThat(tokens.collectList().block(PATIENCE)).hasSizeGreaterThanOrEqualTo(2);
        assertThat(stored).hasSize(5).doesNotHaveDuplicates();
    }
}
