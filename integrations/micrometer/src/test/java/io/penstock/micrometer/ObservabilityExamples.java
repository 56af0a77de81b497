package io.penstock.micrometer;

import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.penstock.ApiClient;
import io.penstock.http.Secret;
import io.penstock.spec.VendorSpec;

/** The code of {@code docs/observability.md}. */
final class ObservabilityExamples {

    private ObservabilityExamples() {}

    static ApiClient observed(
            VendorSpec spec, Secret secret, ObservationRegistry observations, MeterRegistry registry) {
        // guide: observed
        ApiClient client = ApiClient.builder(spec)
                .secret(secret)
                .listener(ClientObservations.of(observations))
                .build();
        ClientMeters meters = ClientMeters.of(client, "billing");
        meters.bindTo(registry);
        // guide: end
        return client;
    }

    static ClientObservations tagged(ObservationRegistry observations) {
        // guide: convention
        CallConvention tagged = new DefaultCallConvention() {
            @Override
            public KeyValues getLowCardinalityKeyValues(CallContext context) {
                return super.getLowCardinalityKeyValues(context).and("team", "billing");
            }
        };
        ClientObservations listener = ClientObservations.of(observations).withConvention(tagged);
        // guide: end
        return listener;
    }
}
