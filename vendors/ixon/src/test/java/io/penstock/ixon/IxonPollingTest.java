package io.penstock.ixon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.ixon.model.AuditLog;
import io.penstock.ixon.model.ListQuery;
import io.penstock.test.Await;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Actions on agents of IXON, over sockets, with an interval short enough for a test. */
class IxonPollingTest extends IxonTest {

    private static final Duration SHORT = Duration.ofMillis(40);

    private String agent() {
        return ixon.agents().list(ListQuery.all()).items().blockFirst(PATIENCE).publicId();
    }

    @Test
    void awaitsAuditLogEntryAsOutcomeOfAction() {
        String agent = agent();
        Instant since = ixon.serverTime().block(PATIENCE).datetime();
        ixon.rebootAgent(agent).block(PATIENCE);

        Mono<Page<AuditLog>> outcome = ixon.client()
                .poll(ixon.actionPolling(agent, since).every(SHORT))
                .result()
                .cache();
        outcome.subscribe();
        Await.until("three polls", () -> polls(agent) >= 3);
        simulator.finishActions(agent);

        assertThat(outcome.block(PATIENCE).items()).singleElement().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("TRIGGER");
            assertThat(entry.topic()).contains("reboot");
        });
        assertThat(polls(agent)).isGreaterThan(2);
    }

    private int polls(String agent) {
        return simulator
                .requests()
                .of("GET", "/api/agents/" + agent + "/audit-logs")
                .size();
    }

    @Test
    void endsUnfinishedActionAtTimeLimit() {
        String agent = agent();
        ixon.rebootAgent(agent).block(PATIENCE);

        ApiException e = catchThrowableOfType(
                ApiException.class,
                () -> ixon.client()
                        .poll(ixon.actionPolling(agent, Instant.EPOCH)
                                .every(Duration.ofHours(1))
                                .within(Duration.ofMinutes(30)))
                        .result()
                        .block(PATIENCE));

        assertThatObject(e.kind()).isEqualTo(ErrorKind.DEADLINE_EXCEEDED);
        assertThat(e).hasMessageContaining("the last state seen is 0 entries");
        assertThat(polls(agent)).isEqualTo(1);
    }

    @Test
    void ignoresOlderAction() {
        String agent = agent();
        ixon.rebootAgent(agent).block(PATIENCE);
        assertThat(simulator.finishActions(agent)).isEqualTo(1);

        assertThat(ixon.watchAction(agent, Instant.now().plusSeconds(60))
                        .blockFirst(PATIENCE)
                        .items())
                .isEmpty();
        assertThat(ixon.watchAction(agent, Instant.EPOCH)
                        .result()
                        .block(PATIENCE)
                        .items())
                .hasSize(1);
    }

    @Test
    void requiresCompany() {
        Ixon anywhere = Ixon.over(ixon.client());

        assertThatThrownBy(() -> anywhere.watchAction("a", Instant.EPOCH)).hasMessageContaining("api-company");
        assertThat(ixon.watchAction("a", Instant.EPOCH)
                        .polling()
                        .policy()
                        .interval()
                        .min())
                .isEqualTo(Duration.ofSeconds(10));
    }
}
