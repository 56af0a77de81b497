package io.penstock.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.exporter.FinishedSpan;
import io.micrometer.tracing.test.SampleTestRunner;
import io.penstock.ApiClient;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.ScriptedTransport;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Micrometer's own run with each tracer whose spans stay in memory. */
class TracersTest extends SampleTestRunner {

    TracersTest() {
        super(SampleRunnerConfig.builder().build());
    }

    @Override
    protected MeterRegistry createMeterRegistry() {
        return new SimpleMeterRegistry();
    }

    @Override
    protected ObservationRegistry createObservationRegistry() {
        return ObservationRegistry.create();
    }

    @Override
    public TracingSetup[] getTracingSetup() {
        return new TracingSetup[] {TracingSetup.IN_MEMORY_OTEL, TracingSetup.IN_MEMORY_BRAVE};
    }

    @Override
    public SampleTestRunnerConsumer yourCode() {
        return (blocks, meters) -> {
            getObservationRegistry().observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
            ApiClient client = ApiClient.builder(VendorSpec.generic("acme", URI.create("https://api.example.com/")))
                    .transport(ScriptedTransport.of(
                            ScriptedTransport.answer(503, "{}"), ScriptedTransport.answer(200, "{}")))
                    .retry(RetryPolicy.standard()
                            .withBackoff(new Backoff(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0)))
                    .listener(ClientObservations.of(getObservationRegistry()))
                    .build();

            client.value(ApiRequest.get("usage")).block(Duration.ofSeconds(30));

            List<FinishedSpan> spans = blocks.getFinishedSpans();
            assertThat(spans)
                    .extracting(FinishedSpan::getName)
                    .containsExactlyInAnyOrder("GET usage", "GET usage", "acme GET usage");
            assertThat(spans)
                    .extracting(FinishedSpan::getTraceId)
                    .containsOnly(spans.get(0).getTraceId());
            assertThat(meters.get("http.client.requests")
                            .tag("status", "503")
                            .timer()
                            .count())
                    .isOne();
        };
    }
}
