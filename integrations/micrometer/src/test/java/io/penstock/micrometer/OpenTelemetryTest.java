package io.penstock.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.penstock.ApiClient;
import io.penstock.pipeline.Attempt;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.ScriptedTransport;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spans and headers of a call with two attempts, exported through the bridge to OpenTelemetry and read back. */
class OpenTelemetryTest {

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build();
    private final ObservationRegistry registry = ObservationRegistry.create();

    OpenTelemetryTest() {
        var otel = provider.get("penstock");
        OtelTracer tracer = new OtelTracer(otel, new OtelCurrentTraceContext(), event -> {});
        OtelPropagator propagator =
                new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()), otel);
        registry.observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void exportsTreeOfCallAndSendsTraceparentOfEachAttempt() {
        ScriptedTransport wire =
                ScriptedTransport.of(ScriptedTransport.answer(503, "{}"), ScriptedTransport.answer(200, "{}"));
        ApiClient client = ApiClient.builder(VendorSpec.generic("acme", URI.create("https://api.example.com/")))
                .transport(wire)
                .retry(RetryPolicy.standard()
                        .withBackoff(new Backoff(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0)))
                .listener(ClientObservations.of(registry))
                .build();

        client.value(ApiRequest.get("scans/{id}").path("id", "7")).block(Duration.ofSeconds(30));

        List<SpanData> spans = exporter.getFinishedSpanItems();
        assertThat(spans)
                .extracting(SpanData::getName)
                .containsExactly("GET scans/{id}", "GET scans/{id}", "acme GET scans/{id}");
        SpanData call = spans.get(2);
        assertThat(call.getKind()).isEqualTo(SpanKind.INTERNAL);
        for (int i = 0; i < 2; i++) {
            SpanData attempt = spans.get(i);
            assertThat(attempt.getParentSpanId()).isEqualTo(call.getSpanId());
            assertThat(attempt.getTraceId()).isEqualTo(call.getTraceId());
            assertThat(attempt.getKind()).isEqualTo(SpanKind.CLIENT);
            assertThat(traceparent(wire.attempts().get(i)))
                    .startsWith("00-" + attempt.getTraceId() + "-" + attempt.getSpanId() + "-");
        }
        assertThat(spans.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(spans.get(1).getAttributes().get(AttributeKey.stringKey("http.request.resend_count")))
                .isEqualTo("1");
        assertThat(spans.get(1).getAttributes().get(AttributeKey.stringKey("url.template")))
                .isEqualTo("scans/{id}");
    }

    @Test
    void sendsNoTraceToAddressThatServerHasNamed() {
        ScriptedTransport wire = ScriptedTransport.of(ScriptedTransport.answer(200, "{}"));
        ApiClient client = ApiClient.builder(VendorSpec.generic("acme", URI.create("https://api.example.com/")))
                .transport(wire)
                .listener(ClientObservations.of(registry))
                .build();

        client.value(ApiRequest.at(URI.create("https://bucket-7.example.net/report")))
                .block(Duration.ofSeconds(30));

        assertThat(wire.attempts().get(0).addedHeaders()).doesNotContain("traceparent", "baggage");
        assertThat(exporter.getFinishedSpanItems())
                .isNotEmpty()
                .allSatisfy(span -> assertThat(span.getAttributes().get(AttributeKey.stringKey("server.address")))
                        .isNotEqualTo("bucket-7.example.net"));
    }

    private static String traceparent(Attempt attempt) {
        List<String> headers = attempt.addedHeaders();
        assertThat(headers).contains("traceparent");
        return headers.get(headers.indexOf("traceparent") + 1);
    }
}
