package io.penstock.invicti;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.invicti.model.Created;
import io.penstock.invicti.model.NewScan;
import io.penstock.invicti.model.Scan;
import io.penstock.request.ApiRequest;
import io.penstock.request.Probe;
import io.penstock.test.simulator.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reconciliation of a scan whose start broke off, by callers who use the undocumented list of scans. */
class InvictiReconciliationTest extends InvictiTest {

    private static final String SCANS = "/api/v1/scans";
    private static final NewScan ORDER = NewScan.authorized("target-7", "profile-1");
    private static final Payload<Page<Scan>> LIST = Payload.page(Scan.class, List.of("scans"), List.of());

    /** Finds the only scan of that order that began since the given time. */
    private static Probe<Scan> begunSince(NewScan order, Instant then) {
        return Probe.of(ApiRequest.get(SCANS).as(LIST), page -> {
            List<Scan> begun = page.items().stream()
                    .filter(scan -> order.targetId().equals(scan.targetId())
                            && order.profileId().equals(scan.profileId())
                            && !startOf(scan).isBefore(then))
                    .toList();
            if (begun.size() > 1) {
                throw new IllegalStateException(begun.size() + " scans began since then");
            }
            return begun.isEmpty() ? null : begun.get(0);
        });
    }

    private static Instant startOf(Scan scan) {
        String start = scan.more().get("current_session").path("start_date").asString();
        return OffsetDateTime.parse(start).toInstant();
    }

    private String olderScan() {
        String id = invicti.startScan(ORDER).block(PATIENCE).id();
        simulator.effects().clear();
        simulator.requests().clear();
        return id;
    }

    @Test
    void findsStartedScanButNotOlderOneOfSameTarget() {
        String older = olderScan();
        simulator.faults().on("POST", SCANS, Fault.resetAfterEffect());

        Created<Scan> found =
                invicti.startScan(ORDER, begunSince(ORDER, Instant.now())).block(PATIENCE);

        assertThat(found.id())
                .isNotEqualTo(older)
                .isEqualTo(simulator.effects().all().get(0).id());
        assertThat(found.body().targetId()).isEqualTo("target-7");
        assertThat(simulator.requests().of("POST", SCANS)).hasSize(1);
        assertThat(simulator.effects().count()).isEqualTo(1);
    }

    @Test
    void doesNotTakeOlderScanForUnstartedOne() {
        olderScan();
        simulator.faults().on("POST", SCANS, Fault.resetBeforeRequestActs());

        ApiException failure = failureOf(invicti.startScan(ORDER, begunSince(ORDER, Instant.now())));

        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(failure.journey().notes()).anyMatch(note -> note.contains("may be too early to tell"));
        assertThat(simulator.requests().of("POST", SCANS)).hasSize(1);
        assertThat(simulator.effects().count()).isZero();
    }

    @Test
    void doesNotLookWithoutProbe() {
        olderScan();
        simulator.faults().on("POST", SCANS, Fault.resetAfterEffect());

        ApiException failure = failureOf(invicti.startScan(ORDER));

        assertThat(failure.certainty()).isEqualTo(Certainty.MAYBE_PROCESSED);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void resendsOnceForTrustedAbsenceWithOneEffect() {
        simulator.faults().on("POST", SCANS, Fault.resetBeforeRequestActs());

        invicti.startScan(ORDER, begunSince(ORDER, Instant.now()).trustingAbsenceAfter(Duration.ofMillis(200)))
                .block(PATIENCE);

        assertThat(simulator.requests().of("POST", SCANS)).hasSize(2);
        assertThat(simulator.effects().count()).isEqualTo(1);
    }
}
