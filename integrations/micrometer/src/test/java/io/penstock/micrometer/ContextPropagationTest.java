package io.penstock.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.penstock.ApiClient;
import io.penstock.pipeline.Operator;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.ScriptedTransport;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Hooks;

/** The current observation of the thread, through waits and retries, if Reactor copies contexts to ThreadLocals. */
class ContextPropagationTest {

    private final Recorded recorded = new Recorded();
    private @Nullable ObservationRegistry before;

    @BeforeEach
    void propagate() {
        before = ObservationThreadLocalAccessor.getInstance().getObservationRegistry();
        ObservationThreadLocalAccessor.getInstance().setObservationRegistry(recorded.registry);
        Hooks.enableAutomaticContextPropagation();
    }

    @AfterEach
    void restore() {
        Hooks.disableAutomaticContextPropagation();
        ObservationThreadLocalAccessor.getInstance().setObservationRegistry(before);
    }

    private String current() {
        Observation current = recorded.registry.getCurrentObservation();
        return current == null
                ? "nothing"
                : String.valueOf(current.getContextView().getName());
    }

    @Test
    void makesObservationCurrentInsideAndRestoresOuterOneOutside() {
        List<String> inside = new CopyOnWriteArrayList<>();
        List<String> outside = new CopyOnWriteArrayList<>();
        ApiClient client = ApiClient.builder(VendorSpec.generic("acme", URI.create("https://api.example.com/")))
                .transport(ScriptedTransport.of(
                        ScriptedTransport.answer(503, "{}"),
                        ScriptedTransport.answer(503, "{}").after(Duration.ofMillis(1)),
                        ScriptedTransport.answer(200, "{}").after(Duration.ofMillis(1))))
                .retry(RetryPolicy.standard()
                        .withBackoff(new Backoff(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0)))
                .operator(Operator.Position.PER_ATTEMPT, Operator.of("watching", (call, next) -> {
                    inside.add(current());
                    return next.exchange(call).doOnEach(signal -> inside.add(current()));
                }))
                .listener(ClientObservations.of(recorded.registry))
                .build();
        Observation outer = Observation.start("outer", recorded.registry);

        outer.scoped(() -> {
            client.value(ApiRequest.get("usage"))
                    .doOnEach(signal -> outside.add(current()))
                    .block(Duration.ofSeconds(30));
        });

        assertThat(inside).hasSizeGreaterThanOrEqualTo(6).containsOnly("penstock.calls");
        assertThat(outside).isNotEmpty().containsOnly("outer");
        assertThat(current()).isEqualTo("nothing");
        assertThat(recorded.stopped.get(3).getParentObservation()).isSameAs(outer);
    }
}
