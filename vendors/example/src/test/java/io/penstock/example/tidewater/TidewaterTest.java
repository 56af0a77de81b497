package io.penstock.example.tidewater;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.ratelimit.Quota;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.retry.Backoff;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.Simulator;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Particulars of Tidewater; the rules for every vendor are in {@link TidewaterConformanceTest}. */
class TidewaterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Backoff FAST = new Backoff(Duration.ofMillis(10), 2, Duration.ofMillis(40), 0.25);

    private final Simulator simulator = TidewaterApi.start();
    private final ApiClient client = Tidewater.configure()
            .baseUri(simulator.baseUri())
            .secret(Secret.of(simulator.secret()))
            .retry(TidewaterVendor.SPEC.retry().withBackoff(FAST))
            .build();
    private final Tidewater tidewater = Tidewater.over(client);

    @AfterEach
    void stop() {
        client.closeLater().block(PATIENCE);
        simulator.close();
    }

    @Test
    void followsLinksWithCredential() {
        assertThat(tidewater.stations().items().map(Station::id).collectList().block(PATIENCE))
                .containsExactly("s0", "s1", "s2", "s3", "s4");
        assertThat(simulator.requests().all())
                .extracting(request -> request.query("page"))
                .containsExactly(null, "2", "3");
        assertThat(simulator.requests().all())
                .extracting(request -> request.header("authorization"))
                .containsOnly("Bearer " + simulator.secret());
    }

    @Test
    void resumesAtLink() {
        String token = tidewater.stations().blockFirst(PATIENCE).resumeToken();

        assertThat(tidewater
                        .stations()
                        .resumeFrom(token)
                        .items()
                        .map(Station::id)
                        .collectList()
                        .block(PATIENCE))
                .containsExactly("s2", "s3", "s4");
    }

    @Test
    void tellsUnchangedStation() {
        ApiResponse<Station> first = client.execute(
                        ApiRequest.get("stations/s1").as(Tidewater.STATION))
                .block(PATIENCE);
        ApiResponse<Station> again = tidewater.station("s1", first.entityTag()).block(PATIENCE);

        assertThat(again.isNotModified()).isTrue();
        assertThat(again.value()).isNull();
        assertThat(tidewater.station("s1", "\"old\"").block(PATIENCE).value()).isEqualTo(new Station("s1", "Brixham"));
    }

    @Test
    void pollsReportUntilItIsReady() {
        String id = tidewater.orderReport("s0").block(PATIENCE).id();

        assertThat(tidewater.report(id).result().block(PATIENCE)).isEqualTo(new Report("s0", 5120));
        assertThat(simulator.requests().of("GET", "/reports/" + id)).hasSize(3);
    }

    @Test
    void keepsQuotasApartByNameInHeader() {
        tidewater.station("s1").block(PATIENCE);
        tidewater.orderReport("s1").block(PATIENCE);

        assertThat(client.inspect().quotas()).extracting(Quota::partition).contains("default#core", "default#reports");
    }

    @Test
    void waitsAfterLimitToldBy403() {
        simulator.faults().next(Fault.status(403, Map.of(), "application/json", TidewaterApi.message("Slow down.")));

        tidewater.orderReport("s1").block(PATIENCE);

        var sent = simulator.requests().all();
        assertThat(sent).hasSize(2);
        assertThat(simulator.effects().count()).isEqualTo(1);
        assertThat(Duration.between(sent.get(0).at(), sent.get(1).at())).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void tellsMissingScopeAndRequestId() {
        simulator
                .faults()
                .next(Fault.status(
                        403,
                        Map.of("Tide-Scope-Missing", "reports", "Tide-Request", "tide-x", "Retry-After", "7"),
                        "application/json",
                        TidewaterApi.message("No.")));

        ApiException refusal = catchThrowableOfType(
                ApiException.class, () -> tidewater.orderReport("s1").block(PATIENCE));

        assertThat(refusal.kind()).isEqualTo(ErrorKind.PERMISSION);
        assertThat(refusal.requestId()).isEqualTo("tide-x");
        assertThat(refusal.remedy()).isEqualTo("use a key with that scope");
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void refusesLinkToAnotherOrigin() {
        simulator
                .faults()
                .next(Fault.status(
                        200,
                        Map.of("Link", "<https://evil.example/stations>; rel=\"next\""),
                        "application/json",
                        "[]"));

        ApiException refusal = catchThrowableOfType(
                ApiException.class, () -> tidewater.stations().items().blockLast(PATIENCE));

        assertThat(refusal.kind()).isEqualTo(ErrorKind.UNDECODABLE);
        assertThat(refusal).hasMessageContaining("leads to https://evil.example");
        assertThat(simulator.requests().count()).isEqualTo(1);
    }
}
