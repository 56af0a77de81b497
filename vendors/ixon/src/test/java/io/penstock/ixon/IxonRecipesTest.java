package io.penstock.ixon;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ixon.model.AlarmOccurrence;
import io.penstock.ixon.model.AuditLog;
import io.penstock.ixon.model.DataPoint;
import io.penstock.ixon.model.DataQuery;
import io.penstock.ixon.model.ListQuery;
import io.penstock.ixon.model.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The recipes of {@code docs/vendors/ixon.md} against the simulator. */
class IxonRecipesTest extends IxonTest {

    @Test
    void readsHourOfDataOfEverySource() {
        Instant from = Instant.parse("2024-01-01T00:00:00Z");
        // guide: data
        Flux<DataPoint> points = ixon.agents()
                .list(ListQuery.all().fields("name"))
                .items()
                .concatMap(agent ->
                        ixon.dataSources(agent.publicId()).list(ListQuery.all()).items())
                .map(source -> DataQuery.of(
                        source.publicId(),
                        from,
                        from.plus(Duration.ofHours(1)),
                        DataQuery.Tag.of("temp", "a", Map.of("step", 60, "postAggr", "mean"))))
                .concatMap(query -> ixon.data(List.of(query)))
                .flatMapIterable(series -> series.get(0).points());
        // guide: end

        assertThat(points.count().block(PATIENCE)).isBetween(60L, 61L);
    }

    @Test
    void acknowledgesOpenAlarms() {
        String path = "/agents/" + simulator.agentId() + "/alarm-occurrences";
        simulator.put(path, "{\"acknowledged\":false}");
        simulator.put(path, "{\"acknowledged\":true}");
        String agentId = simulator.agentId();
        // guide: alarms
        EditableRows<AlarmOccurrence> alarms = ixon.alarmOccurrences(agentId);
        Mono<Long> acknowledged = alarms.list(ListQuery.all().filter("eq(acknowledged,false)"))
                .items()
                .concatMap(alarm -> alarms.update(alarm.publicId(), Map.of("acknowledged", true, "comment", "seen"))
                        .thenReturn(alarm))
                .count();
        // guide: end

        assertThat(acknowledged.block(PATIENCE)).isEqualTo(1);
        assertThat(alarms.list(ListQuery.all().fields("*"))
                        .items()
                        .collectList()
                        .block(PATIENCE))
                .extracting(AlarmOccurrence::acknowledged)
                .containsOnly(true);
    }

    @Test
    void rebootsAgentAndAwaitsOutcome() {
        String agentId = simulator.agentId();
        Mono<Void> reboot = ixon.rebootAgent(agentId).doOnSuccess(done -> simulator.finishActions(agentId));
        // guide: reboot
        Mono<AuditLog> outcome = ixon.serverTime()
                .flatMap(now ->
                        reboot.then(ixon.watchAction(agentId, now.datetime()).result()))
                .map(entries -> entries.items().get(0));
        // guide: end

        assertThat(outcome.block(PATIENCE).topic()).contains("reboot");
    }

    @Test
    void reachesEveryPublishedPath() {
        String agentId = simulator.agentId();
        // guide: resource
        IxonResource<Resource> servers =
                ixon.resource("agents/{agentId}/servers", agentId).as(Resource.class);
        Mono<List<Resource>> created = servers.create(List.of(Map.of("name", "hmi")), "publicId", "name");
        // guide: end

        assertThat(created.block(PATIENCE)).extracting(Resource::name).containsExactly("hmi");
    }
}
