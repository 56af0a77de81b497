package io.penstock.picus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.picus.model.NewSimulation;
import io.penstock.picus.model.StartedSimulation;
import io.penstock.request.Probe;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.picus.PicusRules;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reconciliation of a simulation order whose answer never came. The simulator counts the effects. */
class PicusReconciliationTest extends PicusTest {

    private static final String SIMULATIONS = "/v1/simulations";
    private static final NewSimulation ORDER = NewSimulation.of("nightly", 7, 5L);

    @BeforeEach
    void start() {
        restart(PicusRules.documented().withWritesPerMinute(1_000));
    }

    private void exists(NewSimulation order) {
        picus.simulations().create(order).block(PATIENCE);
        simulator.requests().clear();
        simulator.effects().clear();
    }

    private void fails(Fault fault) {
        simulator.faults().on("POST", SIMULATIONS, fault);
    }

    private void sent(int posts, int looks, int effects) {
        assertThat(simulator.requests().of("POST", SIMULATIONS)).as("orders").hasSize(posts);
        assertThat(simulator.requests().of("GET", SIMULATIONS)).as("looks").hasSize(looks);
        assertThat(simulator.effects().count("POST /v1/simulations"))
                .as("effects")
                .isEqualTo(effects);
    }

    private static Probe<StartedSimulation> settling() {
        return PicusSimulations.lookFor(ORDER).trustingAbsenceAfter(Duration.ofMillis(200));
    }

    static Stream<Fault> afterTheEffect() {
        return Stream.of(
                Fault.resetAfterEffect(),
                Fault.closeAfterEffect(),
                Fault.truncateBody(10),
                Fault.truncateResponse(12),
                Fault.contentType("text/html"));
    }

    @ParameterizedTest
    @MethodSource("afterTheEffect")
    void findsSimulationWhateverBecameOfTheAnswer(Fault fault) {
        fails(fault);

        StartedSimulation created = picus.simulations().create(ORDER).block(PATIENCE);

        assertThat(created.simulation().id()).isEqualTo(1L);
        assertThat(simulator.effects().count("POST /v1/simulations")).isEqualTo(1);
        assertThat(simulator.requests().of("POST", SIMULATIONS)).hasSize(1);
    }

    @Test
    void leavesUnlistedMembersNull() {
        fails(Fault.resetAfterEffect());

        StartedSimulation created = picus.simulations().create(ORDER).block(PATIENCE);

        assertThat(created.simulation().name()).isEqualTo("nightly");
        assertThat(created.simulation().templateId()).isEqualTo(7L);
        assertThat(created.simulation().agentId()).isEqualTo(5L);
        assertThat(created.simulation().isActive()).isNull();
        assertThat(created.simulationAlreadyExist()).isNull();
        assertThat(created.runImmediately()).isNull();
        assertThat(created.runInfo()).isNull();
        sent(1, 1, 1);
        assertThat(simulator.requests().of("GET", SIMULATIONS).get(0).uri())
                .endsWith("?limit=50&offset=0&simulation_name=nightly");
    }

    @Test
    void reportsUncertaintyWithoutResendingWhenNotFound() {
        fails(Fault.resetBeforeRequestActs());

        ApiException failure = failureOf(picus.simulations().create(ORDER));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(failure.safeToRepeat()).isFalse();
        assertThat(failure.journey().notes())
                .contains("not found with GET v1/simulations, which may be too early to tell");
        sent(1, 1, 0);
    }

    @Test
    void ignoresSimulationWithLongerName() {
        exists(NewSimulation.of("nightly 2", 7, 5L));
        fails(Fault.resetBeforeRequestActs());

        assertThat(failureOf(picus.simulations().create(ORDER)).certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);

        fails(Fault.resetAfterEffect());
        assertThat(picus.simulations()
                        .create(ORDER)
                        .block(PATIENCE)
                        .simulation()
                        .id())
                .isEqualTo(2L);
        sent(2, 2, 1);
    }

    @Test
    void ignoresSimulationOfAnotherTemplate() {
        exists(NewSimulation.of("nightly", 8, 5L));
        fails(Fault.resetBeforeRequestActs());

        assertThat(failureOf(picus.simulations().create(ORDER)).certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        sent(1, 1, 0);
    }

    @Test
    void returnsOlderIdenticalSimulationLikePicus() {
        exists(ORDER);
        fails(Fault.resetBeforeRequestActs());

        StartedSimulation found = picus.simulations().create(ORDER).block(PATIENCE);

        sent(1, 1, 0);
        assertThat(found.simulation().id())
                .isEqualTo(picus.simulations()
                        .create(ORDER)
                        .block(PATIENCE)
                        .simulation()
                        .id());
    }

    @Test
    void ignoresNeverRunSimulationWhenStartWasOrdered() {
        exists(ORDER);
        fails(Fault.resetBeforeRequestActs());

        ApiException failure = failureOf(picus.simulations().create(ORDER.startedNow()));

        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(failure.journey().notes()).anyMatch(note -> note.contains("is there and was never run"));

        fails(Fault.resetAfterEffect());
        NewSimulation other = NewSimulation.of("weekly", 7, 5L).startedNow();
        assertThat(picus.simulations()
                        .create(other)
                        .block(PATIENCE)
                        .simulation()
                        .name())
                .isEqualTo("weekly");
    }

    @Test
    void reportsUncertaintyForTwoIdenticalSimulations() {
        exists(ORDER);
        exists(ORDER.with("force", true));
        fails(Fault.resetBeforeRequestActs());

        ApiException failure = failureOf(picus.simulations().create(ORDER, settling()));

        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(failure.journey().notes()).anyMatch(note -> note.contains("2 simulations are what was ordered"));
        sent(1, 1, 0);
    }

    @Test
    void doesNotLookForForcedSimulationOfSameName() {
        exists(ORDER);
        fails(Fault.resetBeforeRequestActs());

        ApiException failure = failureOf(picus.simulations().create(ORDER.with("force", true)));

        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        sent(1, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 410})
    void keepsOriginalErrorWhenLookFails(int status) {
        fails(Fault.resetAfterEffect());
        simulator.faults().on("GET", SIMULATIONS, Fault.status(status));

        ApiException failure = failureOf(picus.simulations().create(ORDER));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(failure.journey().notes()).anyMatch(note -> note.contains("looking with GET v1/simulations failed"));
        sent(1, 1, 1);
    }

    @Test
    void retriesLookLikeAnyRead() {
        fails(Fault.resetAfterEffect());
        simulator.faults().on("GET", SIMULATIONS, Fault.status(503), Fault.resetBeforeRequestActs());

        assertThat(picus.simulations()
                        .create(ORDER)
                        .block(PATIENCE)
                        .simulation()
                        .id())
                .isEqualTo(1L);
        sent(1, 3, 1);
    }

    @Test
    void resendsOnceForTrustedAbsenceWithOneEffect() {
        fails(Fault.resetBeforeRequestActs());

        StartedSimulation created =
                picus.simulations().create(ORDER, settling()).block(PATIENCE);

        assertThat(created.simulationAlreadyExist()).isFalse();
        assertThat(simulator.requests().of("POST", SIMULATIONS)).hasSize(2);
        assertThat(simulator.effects().count("POST /v1/simulations")).isEqualTo(1);
    }

    @Test
    void causesNoSecondEffectWhenTrustingAbsence() {
        fails(Fault.resetAfterEffect());

        picus.simulations().create(ORDER, settling()).block(PATIENCE);

        sent(1, 1, 1);
    }

    @Test
    void reportsNothingDoneForLastingAbsenceAfterError() {
        fails(Fault.status(500));

        ApiException failure = failureOf(picus.simulations().create(ORDER, settling()));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.SERVER_ERROR);
        assertThat(failure.certainty()).isEqualTo(Certainty.REJECTED);
        assertThat(failure.safeToRepeat()).isTrue();
        assertThat(simulator.requests().of("POST", SIMULATIONS)).hasSize(1);
    }

    @Test
    void provesNoAbsenceByFullPage() {
        for (int i = 0; i < 50; i++) {
            exists(NewSimulation.of("nightly " + i, 7, null));
        }
        fails(Fault.resetBeforeRequestActs());

        ApiException failure = failureOf(picus.simulations().create(ORDER, settling()));

        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(failure.journey().notes()).anyMatch(note -> note.contains("a whole page"));
        sent(1, 1, 0);
    }
}
