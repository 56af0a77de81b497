package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.StubTransport.Answer;
import io.penstock.http.Headers;
import io.penstock.ratelimit.Forecast;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client tells of its quotas, its waiting calls and its retry budget. */
class InspectionTest {

    private static final ApiRequest<?> USAGE = ApiRequest.get("usage");

    private final Lab lab = new Lab();

    @Test
    void tellsWhatIsLeftOfPublishedLimit() {
        ApiClient client = lab.client(Lab.limited(3, Duration.ofMinutes(1)), StubTransport.always(200, "{}"))
                .build();
        Forecast before = client.inspect().forecasts().get(0);
        assertThat(before.quota()).isEqualTo("key");
        assertThat(before.limit()).isEqualTo(3);
        assertThat(before.remaining()).isEqualTo(3);
        assertThat(before.nextIn()).isEqualTo(Duration.ZERO);
        assertThat(before.resetsIn()).isEqualTo(Duration.ZERO);

        for (int i = 0; i < 5; i++) {
            client.value(USAGE).subscribe();
        }

        Forecast after = client.inspect().forecasts().get(0);
        assertThat(after.remaining()).isZero();
        assertThat(after.nextIn()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(63));
        assertThat(after.resetsIn()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(61));
        assertThat(after.waiting()).isEqualTo(2);
        assertThat(client.inspect().waiting()).isEqualTo(2);
        assertThat(client.health().calls().active()).isEqualTo(2);
    }

    @Test
    void tellsWhatIsLeftOfReportedQuota() {
        StubTransport wire = new StubTransport(n -> new Answer(
                200,
                "{}",
                Headers.of(
                        "content-type",
                        "application/json",
                        "x-ratelimit-limit",
                        "10",
                        "x-ratelimit-remaining",
                        "6",
                        "x-ratelimit-reset",
                        "30")));
        ApiClient client = lab.client(Lab.SPEC.withQuota(QuotaModel.reported(HeaderFamily.xRateLimit())), wire)
                .build();

        client.value(USAGE).subscribe();

        Forecast quota = client.inspect().forecasts().get(0);
        assertThat(quota.limit()).isEqualTo(10);
        assertThat(quota.remaining()).isEqualTo(6);
        assertThat(quota.resetsIn()).isEqualTo(Duration.ofSeconds(30));
        assertThat(quota.nextIn()).isEqualTo(Duration.ZERO);
    }

    @Test
    void tellsNothingOfUnknownQuota() {
        Forecast quota = lab.client(StubTransport.always(200, "{}"))
                .build()
                .inspect()
                .forecasts()
                .get(0);

        assertThat(List.of(quota.limit(), quota.remaining())).containsOnly(-1L);
        assertThat(quota.resetsIn()).isNull();
        assertThat(quota.nextIn()).isEqualTo(Duration.ZERO);
    }

    @Test
    void hasNoForecastsWithoutGate() {
        ApiClient client =
                lab.client(StubTransport.always(200, "{}")).withoutGate().build();

        assertThat(client.inspect().forecasts()).isEmpty();
        assertThat(client.inspect().waiting()).isZero();
    }

    @Test
    void countsCallsThatWaitForPlaceAtGate() {
        ApiClient client = lab.client(StubTransport.always(0, ""))
                .gate(GatePolicy.standard().withMaxConcurrent(1))
                .build();

        client.value(USAGE).subscribe();
        client.value(USAGE).subscribe();

        assertThat(client.inspect().waiting()).isOne();
    }

    @Test
    void tellsRetryBudget() {
        ApiClient unlimited = lab.client(StubTransport.always(200, "{}")).build();
        ApiClient usual = lab.client(StubTransport.always(503, "{}"))
                .retry(RetryPolicy.standard())
                .build();

        assertThat(unlimited.inspect().retryBudget()).isInfinite();
        assertThat(usual.inspect().retryBudget()).isEqualTo(10);
        usual.value(USAGE).subscribe(v -> {}, e -> {});
        assertThat(usual.inspect().retryBudget()).isLessThan(10);
    }
}
