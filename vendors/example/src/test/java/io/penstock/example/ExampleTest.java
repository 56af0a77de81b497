package io.penstock.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.example.model.Lamp;
import io.penstock.example.model.NewOrder;
import io.penstock.example.model.Order;
import io.penstock.http.Secret;
import io.penstock.ratelimit.Quota;
import io.penstock.retry.Backoff;
import io.penstock.test.simulator.Fault;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Particulars of Lumen; the rules for every vendor are in {@link ExampleConformanceTest}. */
class ExampleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Backoff FAST = new Backoff(Duration.ofMillis(10), 2, Duration.ofMillis(40), 0.25);

    private final LumenSimulator simulator = LumenSimulator.start(100);
    private final Lumen lumen = Lumen.over(Lumen.configure()
            .baseUri(simulator.baseUri())
            .secret(Secret.of(simulator.secret()))
            .retry(new LumenVendor().spec().retry().withBackoff(FAST))
            .build());

    @AfterEach
    void stop() {
        lumen.client().closeLater().block(PATIENCE);
        simulator.close();
    }

    @Test
    void keepsUnknownMember() {
        Lamp lamp = lumen.lamp("lamp_1").block(PATIENCE);

        assertThat(lamp.name()).isEqualTo("Banker");
        assertThat(lamp.more().get("socket").asString()).isEqualTo("E27");
    }

    // guide: particular
    @Test
    void reportsStockLeftInRefusalInside200WithoutResending() {
        LumenException.OutOfStock refusal = catchThrowableOfType(
                LumenException.OutOfStock.class,
                () -> lumen.order(new NewOrder("lamp_1", 11)).block(PATIENCE));

        assertThat(refusal.left()).isEqualTo(10);
        assertThat(refusal.status()).isEqualTo(200);
        assertThat(refusal.certainty()).isEqualTo(Certainty.REJECTED);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }
    // guide: end

    @Test
    void retriesUnkeyedOrderAfterStocktaking() {
        simulator
                .faults()
                .next(Fault.status(
                        200,
                        Map.of(),
                        "application/json",
                        "{\"ok\":false,\"code\":\"stocktaking\",\"retry_after\":1}"));

        lumen.order(new NewOrder("lamp_1", 1)).block(PATIENCE);

        assertThat(simulator.effects().count()).isEqualTo(1);
        var sent = simulator.requests().all();
        assertThat(Duration.between(sent.get(0).at(), sent.get(1).at())).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void awaitsOrderInProgressUnderItsKey() {
        NewOrder one = new NewOrder("lamp_1", 1);
        simulator
                .faults()
                .next(
                        Fault.resetAfterEffect(),
                        Fault.status(409, Map.of(), "application/json", "{\"ok\":false,\"code\":\"key_in_progress\"}"));

        Order placed = lumen.order(one, one.key("monday")).block(PATIENCE);

        assertThat(placed.id()).isEqualTo("ord_1");
        assertThat(simulator.effects().count()).isEqualTo(1);
        assertThat(simulator.requests().all())
                .hasSize(3)
                .extracting(sent -> sent.header("idempotency-key"))
                .containsOnly(one.key("monday").value());
    }

    @Test
    void rejectsKeyOfAnotherOrder() {
        NewOrder one = new NewOrder("lamp_1", 1);
        lumen.order(one, one.key("monday")).block(PATIENCE);

        ApiException failure = catchThrowableOfType(
                ApiException.class,
                () -> lumen.order(new NewOrder("lamp_2", 1), one.key("monday")).block(PATIENCE));

        assertThat(failure.kind()).isEqualTo(ErrorKind.KEY_REUSED);
        assertThat(failure.remedy()).contains("derive the key");
        assertThat(simulator.requests().count()).isEqualTo(2);
        assertThat(simulator.effects().count()).isEqualTo(1);
    }

    @Test
    void reportsQuotaOfLumen() {
        lumen.lamp("lamp_1").block(PATIENCE);

        Quota quota = lumen.client().inspect().quotas().get(0);
        assertThat(quota.partition()).isEqualTo("key");
        assertThat(quota.limit()).isEqualTo(100);
        assertThat(quota.remaining()).isEqualTo(99);
    }
}
