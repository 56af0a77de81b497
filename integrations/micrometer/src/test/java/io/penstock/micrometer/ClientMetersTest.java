package io.penstock.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.LogCapture;
import io.penstock.test.ScriptedTransport;
import io.penstock.test.ScriptedTransport.Step;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The gauges of a client, in virtual time. */
class ClientMetersTest {

    private static final VendorSpec SPEC = VendorSpec.generic("acme", URI.create("https://api.example.com/"))
            .withQuota(QuotaModel.declared(DeclaredLimit.perCredential("key", 2, Duration.ofMinutes(1))));

    @RegisterExtension
    final LogCapture log = LogCapture.of("io.penstock");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private ApiClientBuilder builder(Step... steps) {
        return ApiClient.builder(SPEC).transport(ScriptedTransport.of(steps)).scheduler(time);
    }

    private static Step[] answers(int count, int status) {
        Step[] steps = new Step[count];
        Arrays.fill(steps, ScriptedTransport.answer(status, "{}"));
        return steps;
    }

    private double value(ClientMeterDocumentation meter, String... tags) {
        return registry.get(meter.getName())
                .tags("vendor", "acme", "client", "billing")
                .tags(tags)
                .gauge()
                .value();
    }

    @Test
    void measuresQuotaWaitingAndActiveCalls() {
        ApiClient client = builder(answers(5, 200)).build();
        try (ClientMeters meters = ClientMeters.of(client, "billing")) {
            meters.bindTo(registry);
            assertThat(value(ClientMeterDocumentation.QUOTA_LIMIT, "quota", "key"))
                    .isEqualTo(2);
            assertThat(value(ClientMeterDocumentation.QUOTA_REMAINING, "quota", "key"))
                    .isEqualTo(2);
            assertThat(value(ClientMeterDocumentation.QUOTA_WAIT, "quota", "key"))
                    .isZero();

            for (int i = 0; i < 3; i++) {
                client.value(ApiRequest.get("usage")).subscribe();
            }

            assertThat(value(ClientMeterDocumentation.QUOTA_REMAINING, "quota", "key"))
                    .isZero();
            assertThat(value(ClientMeterDocumentation.QUOTA_WAIT, "quota", "key"))
                    .isBetween(59.0, 62.0);
            assertThat(value(ClientMeterDocumentation.QUOTA_RESET, "quota", "key"))
                    .isBetween(59.0, 62.0);
            assertThat(value(ClientMeterDocumentation.CALLS_ACTIVE)).isOne();
            assertThat(value(ClientMeterDocumentation.CALLS_WAITING)).isOne();
            assertThat(value(ClientMeterDocumentation.RETRY_BUDGET)).isBetween(10.0, 11.0);
        }
    }

    @Test
    void addsCircuitsWhenClientKnowsThem() {
        ApiClient client =
                builder(answers(1, 200)).circuit(CircuitPolicy.standard()).build();
        try (ClientMeters meters = ClientMeters.of(client, "billing")) {
            meters.bindTo(registry);
            client.value(ApiRequest.get("usage")).subscribe();

            meters.refresh();

            assertThat(value(ClientMeterDocumentation.CIRCUIT_STATE, "state", "closed"))
                    .isOne();
            assertThat(value(ClientMeterDocumentation.CIRCUIT_STATE, "state", "open"))
                    .isZero();
            assertThat(value(ClientMeterDocumentation.CIRCUIT_FAILURE_RATE)).isZero();
        }
    }

    @Test
    void hasEveryDocumentedKeyAndNoOther() {
        ApiClient client = builder(answers(1, 200)).build();
        try (ClientMeters meters = ClientMeters.of(client, "billing")) {
            client.value(ApiRequest.get("usage")).subscribe();
            meters.bindTo(registry);

            for (Meter meter : registry.getMeters()) {
                ClientMeterDocumentation documented = Arrays.stream(ClientMeterDocumentation.values())
                        .filter(each -> each.getName().equals(meter.getId().getName()))
                        .findFirst()
                        .orElseThrow();
                Set<String> keys = meter.getId().getTags().stream()
                        .map(tag -> tag.getKey())
                        .collect(Collectors.toSet());
                assertThat(keys)
                        .isEqualTo(Arrays.stream(documented.getKeyNames())
                                .map(key -> key.asString())
                                .collect(Collectors.toSet()));
                assertThat(meter.getId().getType()).isEqualTo(documented.getType());
            }
            assertThat(registry.getMeters()).hasSizeGreaterThan(7);
        }
    }

    @Test
    void removesItsMetersWhenClosed() {
        ClientMeters meters = ClientMeters.of(builder().build(), "billing");
        meters.bindTo(registry);
        assertThat(registry.getMeters()).isNotEmpty();

        meters.close();
        meters.bindTo(registry);

        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void measuresInSeveralRegistries() {
        SimpleMeterRegistry other = new SimpleMeterRegistry();
        try (ClientMeters meters = ClientMeters.of(builder().build(), "billing")) {
            meters.bindTo(registry);
            meters.bindTo(other);

            assertThat(other.getMeters()).hasSameSizeAs(registry.getMeters());
        }
    }

    @Test
    void boundsNumberOfRows() {
        VendorSpec manyQuotas = SPEC.withQuota(QuotaModel.declared(IntStream.range(0, 70)
                .mapToObj(i -> DeclaredLimit.perCredential("q" + i, 2, Duration.ofMinutes(1), "/p" + i))
                .toArray(DeclaredLimit[]::new)));
        ApiClient client = ApiClient.builder(manyQuotas)
                .transport(ScriptedTransport.of())
                .scheduler(time)
                .build();
        try (ClientMeters meters = ClientMeters.of(client, "billing")) {
            meters.bindTo(registry);

            assertThat(registry.find(ClientMeterDocumentation.QUOTA_LIMIT.getName())
                            .gauges())
                    .hasSize(50);
        }
    }

    @Test
    void throwsWhatRegistryThrowsAtFirstAndLogsItOnceLater() {
        MeterRegistry bad = new SimpleMeterRegistry();
        boolean[] throwing = {true};
        bad.config().meterFilter(new MeterFilter() {
            @Override
            public MeterFilterReply accept(Meter.Id id) {
                if (throwing[0]) {
                    throw new IllegalStateException("bad registry");
                }
                return MeterFilterReply.NEUTRAL;
            }
        });
        ApiClient client =
                builder(answers(1, 200)).retry(RetryPolicy.standard()).build();
        try (ClientMeters meters = ClientMeters.of(client, "billing")) {
            assertThatThrownBy(() -> meters.bindTo(bad)).hasMessage("bad registry");
            throwing[0] = false;
            meters.bindTo(bad);
            throwing[0] = true;
            client.value(ApiRequest.get("usage")).subscribe();

            meters.refresh();
            meters.refresh();

            assertThat(log.takeWarnings()).hasSize(1);
        }
    }

    @Test
    void registersNothingAfterClosingInsideRefresh() {
        ApiClient client = builder(answers(1, 200)).build();
        ClientMeters[] meters = new ClientMeters[1];
        SimpleMeterRegistry closing = new SimpleMeterRegistry();
        meters[0] = ClientMeters.of(client, "billing");
        meters[0].bindTo(registry);
        closing.config().onMeterAdded(meter -> meters[0].close());

        meters[0].bindTo(closing);
        meters[0].refresh();

        assertThat(registry.getMeters()).isEmpty();
    }
}
