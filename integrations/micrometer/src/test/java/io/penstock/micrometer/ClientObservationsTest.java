package io.penstock.micrometer;

import static io.penstock.micrometer.Recorded.high;
import static io.penstock.micrometer.Recorded.low;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.error.ApiException;
import io.penstock.polling.JobShape;
import io.penstock.polling.Polling;
import io.penstock.polling.StateWords;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.LogCapture;
import io.penstock.test.ScriptedTransport;
import io.penstock.test.ScriptedTransport.Step;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

/** Names, keys and parents of observations, in virtual time. */
class ClientObservationsTest {

    private static final ApiRequest<JsonNode> SCAN =
            ApiRequest.get("scans/{id}").path("id", "s-42").query("q", "secret");

    @RegisterExtension
    final LogCapture log = LogCapture.of("io.penstock");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Recorded recorded = new Recorded();

    private ApiClientBuilder builder(Step... steps) {
        return ApiClient.builder(VendorSpec.generic("acme", URI.create("https://api.example.com:8443/v1/")))
                .transport(ScriptedTransport.of(steps))
                .scheduler(time)
                .retry(RetryPolicy.standard()
                        .withBackoff(new Backoff(Duration.ofSeconds(1), 1, Duration.ofSeconds(1), 0)));
    }

    private ApiClient observed(Step... steps) {
        return builder(steps).listener(ClientObservations.of(recorded.registry)).build();
    }

    private void run(Mono<?> call) {
        call.onErrorComplete(ApiException.class).subscribe();
        time.advanceTimeBy(Duration.ofMinutes(5));
        log.takeWarnings();
    }

    private static Step answer(int status) {
        return ScriptedTransport.answer(status, "{}");
    }

    @Test
    void observesCallAndEachAttemptAsItsChild() {
        run(observed(answer(503), answer(200)).value(SCAN));

        assertThat(recorded.names()).containsExactly("GET scans/{id}", "GET scans/{id}", "acme GET scans/{id}");
        Observation.Context call = recorded.stopped.get(2);
        assertThat(recorded.stopped.subList(0, 2)).allSatisfy(attempt -> {
            assertThat(attempt.getName()).isEqualTo("http.client.requests");
            assertThat(attempt.getParentObservation()).isNotNull();
            assertThat(attempt.getParentObservation().getContextView()).isSameAs(call);
        });
        assertThat(call.getName()).isEqualTo("penstock.calls");
        assertThat(call.getParentObservation()).isNull();
    }

    @Test
    void givesAttemptsKeysOfSpringAndOpenTelemetry() {
        run(observed(answer(503), answer(200)).value(SCAN));

        Observation.Context first = recorded.stopped.get(0);
        assertThat(keys(first.getLowCardinalityKeyValues()))
                .containsExactlyInAnyOrder(
                        "method=GET",
                        "uri=scans/{id}",
                        "status=503",
                        "outcome=SERVER_ERROR",
                        "exception=ApiException",
                        "client.name=api.example.com",
                        "vendor=acme",
                        "kind=UNAVAILABLE",
                        "server.address=api.example.com",
                        "error.type=503");
        assertThat(keys(first.getHighCardinalityKeyValues()))
                .containsExactlyInAnyOrder(
                        "http.request.method=GET",
                        "url.template=scans/{id}",
                        "server.port=8443",
                        "http.response.status_code=503",
                        "http.url=https://api.example.com:8443/v1/scans/s-42");
        Observation.Context second = recorded.stopped.get(1);
        assertThat(high(second, "http.request.resend_count")).isEqualTo("1");
        assertThat(low(second, "outcome")).isEqualTo("SUCCESS");
        assertThat(low(second, "error.type")).isEqualTo("none");
    }

    private static Set<String> keys(KeyValues values) {
        return values.stream().map(kv -> kv.getKey() + "=" + kv.getValue()).collect(Collectors.toSet());
    }

    @Test
    void givesCallsTheirOutcomeOverAllAttempts() {
        run(observed(answer(503), answer(200)).value(SCAN));

        Observation.Context call = recorded.stopped.get(2);
        assertThat(keys(call.getLowCardinalityKeyValues()))
                .containsExactlyInAnyOrder(
                        "method=GET",
                        "uri=scans/{id}",
                        "status=200",
                        "outcome=SUCCESS",
                        "exception=none",
                        "client.name=api.example.com",
                        "vendor=acme",
                        "kind=none");
        assertThat(high(call, "penstock.attempts")).isEqualTo("2");
        assertThat(high(call, "penstock.certainty")).isEqualTo("PROCESSED");
    }

    @Test
    void namesKindOfFailureWithoutResponse() {
        ApiClient client = builder(ScriptedTransport.refused())
                .retry(RetryPolicy.standard().withMaxAttempts(1))
                .listener(ClientObservations.of(recorded.registry))
                .build();

        run(client.value(SCAN));

        Observation.Context call = recorded.stopped.get(recorded.stopped.size() - 1);
        assertThat(low(call, "status")).isEqualTo("IO_ERROR");
        assertThat(low(call, "outcome")).isEqualTo("UNKNOWN");
        assertThat(low(call, "kind")).isEqualTo("CONNECT");
        assertThat(low(recorded.stopped.get(0), "error.type")).isEqualTo("CONNECT");
        assertThat(call.getError()).isInstanceOf(ApiException.class);
    }

    @Test
    void marksCancelledCall() {
        observed(ScriptedTransport.silence()).value(SCAN).subscribe().dispose();

        assertThat(recorded.stopped).hasSize(2).allSatisfy(context -> {
            assertThat(low(context, "kind")).isEqualTo("CANCELLED");
            assertThat(low(context, "outcome")).isEqualTo("UNKNOWN");
            assertThat(context.getError()).isNull();
        });
    }

    @Test
    void hasNoTemplateForAbsoluteUri() {
        run(observed(answer(200)).value(ApiRequest.at(URI.create("https://files.example.com/a/b?signature=x"))));

        assertThat(recorded.stopped)
                .allSatisfy(context -> assertThat(low(context, "uri")).doesNotContain("signature", "https"));
    }

    @Test
    void observesPollUntilItsEndAsParentOfCalls() {
        Polling<JsonNode> polling = Polling.of(
                        ApiRequest.get("jobs/7"),
                        JobShape.at("/s", StateWords.succeeding("done").failing("bad")))
                .every(Duration.ofSeconds(30));

        run(observed(
                        ScriptedTransport.answer(200, "{\"s\":\"busy\"}"),
                        ScriptedTransport.answer(200, "{\"s\":\"done\"}"))
                .poll(polling)
                .result());

        assertThat(recorded.names())
                .containsExactly("GET jobs/7", "acme GET jobs/7", "GET jobs/7", "acme GET jobs/7", "acme poll jobs/7");
        Observation.Context poll = recorded.stopped.get(4);
        assertThat(poll.getName()).isEqualTo("penstock.operations");
        assertThat(recorded.stopped.get(3).getParentObservation().getContextView())
                .isSameAs(poll);
        assertThat(low(poll, "operation")).isEqualTo("poll");
        assertThat(low(poll, "kind")).isEqualTo("none");
    }

    @Test
    void timesWaitsOfCallButNotOfAttempt() {
        MeterRegistry meters = new SimpleMeterRegistry();
        recorded.registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));

        run(observed(answer(503), answer(200)).value(SCAN));

        assertThat(meters.get("http.client.requests")
                        .tag("status", "503")
                        .timer()
                        .count())
                .isOne();
        assertThat(meters.get("http.client.requests")
                        .tag("status", "200")
                        .timer()
                        .count())
                .isOne();
        assertThat(meters.get("penstock.calls").tag("uri", "scans/{id}").timer().count())
                .isOne();
        assertThat(meters.get("penstock.calls").timer().totalTime(TimeUnit.NANOSECONDS))
                .isGreaterThan(meters.get("http.client.requests")
                        .tag("status", "200")
                        .timer()
                        .totalTime(TimeUnit.NANOSECONDS));
    }

    @Test
    void documentsEveryKeyItUses() {
        TestObservationRegistry registry = TestObservationRegistry.create();
        ApiClient client = builder(answer(503), answer(200))
                .listener(ClientObservations.of(registry))
                .build();

        run(client.value(SCAN));

        assertThat(registry)
                .hasObservationWithNameEqualTo("http.client.requests")
                .that()
                .hasBeenStarted()
                .hasBeenStopped();
        Set<String> documented = Stream.of(ClientObservationDocumentation.LowCardinalityKeyNames.values())
                .map(ClientObservationDocumentation.LowCardinalityKeyNames::asString)
                .collect(Collectors.toSet());
        run(observed(answer(404)).value(SCAN));
        assertThat(recorded.stopped)
                .allSatisfy(context -> assertThat(context.getLowCardinalityKeyValues().stream()
                                .map(kv -> kv.getKey())
                                .toList())
                        .isSubsetOf(documented));
    }

    // ---- conventions ----

    @Test
    void takesConventionOfUser() {
        ApiClient client = builder(answer(200))
                .listener(ClientObservations.of(recorded.registry)
                        .withConvention((OperationConvention) new DefaultOperationConvention())
                        .withConvention((AttemptConvention) new DefaultAttemptConvention() {
                            @Override
                            public String getName() {
                                return "my.requests";
                            }
                        })
                        .withConvention((CallConvention) new DefaultCallConvention() {
                            @Override
                            public KeyValues getLowCardinalityKeyValues(CallContext context) {
                                return super.getLowCardinalityKeyValues(context).and("team", "blue");
                            }
                        }))
                .build();

        run(client.value(SCAN));

        assertThat(recorded.stopped.get(0).getName()).isEqualTo("my.requests");
        assertThat(low(recorded.stopped.get(1), "team")).isEqualTo("blue");
    }

    /** A convention for all attempts of a registry. */
    private static final class GlobalAttempts extends DefaultAttemptConvention
            implements GlobalObservationConvention<AttemptContext> {
        @Override
        public String getName() {
            return "global.requests";
        }
    }

    @Test
    void takesGlobalConventionOfRegistry() {
        recorded.registry.observationConfig().observationConvention(new GlobalAttempts());

        run(observed(answer(200)).value(SCAN));

        assertThat(recorded.stopped.get(0).getName()).isEqualTo("global.requests");
    }

    // ---- parents and contexts ----

    @Test
    void takesParentFromReactorContextOrElseCurrentObservation() {
        Observation outer = Observation.start("outer", recorded.registry);
        ApiClient client = observed(answer(200), answer(200));

        run(client.value(SCAN).contextWrite(context -> context.put("micrometer.observation", outer)));
        outer.scoped(() -> run(client.value(SCAN)));

        assertThat(List.of(recorded.stopped.get(1), recorded.stopped.get(3)))
                .allSatisfy(call -> assertThat(call.getParentObservation()).isSameAs(outer));
    }

    @Test
    void keepsTwoRegistriesApart() {
        Recorded other = new Recorded();
        ApiClient client = builder(answer(200))
                .listener(ClientObservations.of(recorded.registry))
                .listener(ClientObservations.of(other.registry))
                .build();

        run(client.value(SCAN));

        for (Recorded each : List.of(recorded, other)) {
            assertThat(each.names()).containsExactly("GET scans/{id}", "acme GET scans/{id}");
            assertThat(each.stopped.get(0).getParentObservation().getContextView())
                    .isSameAs(each.stopped.get(1));
            assertThat(each.stopped.get(1).getParentObservation()).isNull();
        }
    }

    @Test
    void doesNothingWithoutRegistry() {
        ApiClient client = builder(answer(200))
                .listener(ClientObservations.of(ObservationRegistry.NOOP))
                .build();
        List<Object> values = new ArrayList<>();

        run(client.value(SCAN)
                .doOnEach(signal -> values.add(signal.getContextView().hasKey("micrometer.observation"))));

        assertThat(values).containsOnly(false);
        assertThat(client.inspect().explain(SCAN)).containsPattern("listeners +–");
    }

    @Test
    void leavesOutWhatPredicateOfRegistryRulesOut() {
        recorded.registry.observationConfig().observationPredicate((name, context) -> !name.startsWith("penstock."));

        run(observed(answer(200)).value(SCAN));

        assertThat(recorded.names()).containsExactly("GET scans/{id}");
    }

    // ---- registries and conventions that throw ----

    @ParameterizedTest
    @ValueSource(strings = {"start", "stop", "error"})
    void survivesHandlerThatThrows(String when) {
        ObservationRegistry bad = ObservationRegistry.create();
        bad.observationConfig().observationHandler(new ObservationHandler<>() {
            private void at(String now) {
                if (now.equals(when)) {
                    throw new IllegalStateException("bad registry");
                }
            }

            @Override
            public void onStart(Observation.Context context) {
                at("start");
            }

            @Override
            public void onError(Observation.Context context) {
                at("error");
            }

            @Override
            public void onStop(Observation.Context context) {
                at("stop");
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });

        assertThat(valueWith(ClientObservations.of(bad))).isTrue();
        assertThat(log.takeWarnings())
                .hasSize(1)
                .allSatisfy(entry -> assertThat(entry.message()).contains("a listener failed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "low", "high"})
    void survivesConventionThatThrows(String which) {
        AttemptConvention bad = new DefaultAttemptConvention() {
            private void at(String now) {
                if (now.equals(which)) {
                    throw new IllegalStateException("bad convention");
                }
            }

            @Override
            public String getName() {
                at("name");
                return super.getName();
            }

            @Override
            public KeyValues getLowCardinalityKeyValues(AttemptContext context) {
                at("low");
                return super.getLowCardinalityKeyValues(context);
            }

            @Override
            public KeyValues getHighCardinalityKeyValues(AttemptContext context) {
                at("high");
                return super.getHighCardinalityKeyValues(context);
            }
        };

        assertThat(valueWith(ClientObservations.of(recorded.registry).withConvention(bad)))
                .isTrue();
        assertThat(log.takeWarnings()).hasSize(1);
        assertThat(recorded.names()).contains("acme GET scans/{id}");
    }

    private boolean valueWith(ClientObservations observations) {
        ApiClient client =
                builder(answer(503), answer(200)).listener(observations).build();
        boolean[] arrived = new boolean[1];
        client.value(SCAN).subscribe(value -> arrived[0] = true);
        time.advanceTimeBy(Duration.ofMinutes(5));
        return arrived[0];
    }

    @Test
    void listsDocumentedKeysOfEachObservation() {
        assertThat(Arrays.stream(ClientObservationDocumentation.ATTEMPT.getLowCardinalityKeyNames())
                        .map(key -> key.asString()))
                .contains("method", "uri", "status", "outcome", "exception", "client.name")
                .contains("vendor", "kind", "server.address", "error.type");
    }
}
