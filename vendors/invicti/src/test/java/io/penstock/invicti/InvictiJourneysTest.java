package io.penstock.invicti;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.error.Journey;
import io.penstock.invicti.model.Target;
import io.penstock.test.simulator.Fault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.util.function.Tuple2;

/** The code blocks of {@code docs/journeys.md}, executed. */
class InvictiJourneysTest extends InvictiTest {

    /** An audit log of an application. */
    private interface Audit {
        void record(List<Journey> journeys);
    }

    private final String id = simulator.addTarget("Production Website", "https://example.com");

    @Test
    void capturesJourneyOfTypedOperation() {
        simulator.faults().on("GET", "/api/1.0/targets/" + id, Fault.status(500));
        List<Journey> told = new ArrayList<>();
        Audit audit = told::addAll;
        // guide: capture
        Journey.Capture capture = Journey.capture();
        Mono<Target> target =
                invicti.target(id).contextWrite(capture).doOnSuccess(found -> audit.record(capture.journeys()));
        // guide: end

        target.block(PATIENCE);

        assertThat(told)
                .singleElement()
                .satisfies(journey -> assertThat(journey.attempts())
                        .extracting(Journey.Attempt::status)
                        .containsExactly(500, 200));
    }

    @Test
    void zipsEachSubscriptionWithItsOwnJourney() {
        // guide: zip
        Mono<Tuple2<Target, List<Journey>>> both = invicti.target(id).as(Journey::zip);
        // guide: end

        for (int i = 0; i < 2; i++) {
            Tuple2<Target, List<Journey>> result = both.block(PATIENCE);
            assertThat(result.getT1().name()).isEqualTo("Production Website");
            assertThat(result.getT2()).hasSize(1);
        }
    }

    @Test
    void capturesEachPageOfTypedList() {
        simulator.addTarget("Another", "https://example.org");
        Journey.Capture capture = Journey.capture();
        ListQuery pairs = ListQuery.all().withPageSize(1);
        // guide: pages
        Mono<Long> count = invicti.targets(pairs).items().count().contextWrite(capture);
        // guide: end

        assertThat(count.block(PATIENCE)).isEqualTo(2);
        assertThat(capture.journeys())
                .extracting(Journey::parent)
                .containsExactly("GET api/1.0/targets, page 1", "GET api/1.0/targets, page 2");
    }
}
