package io.penstock.micrometer;

import io.micrometer.core.instrument.HttpClientTimingInstrumentationVerificationTests;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.docs.ObservationDocumentation;
import io.penstock.ApiClient;
import io.penstock.error.ApiException;
import io.penstock.http.Method;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.LogCapture;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Micrometer's own verification of an HTTP client's timers. Its client is one for each base URI. */
class HttpClientTimingTest extends HttpClientTimingInstrumentationVerificationTests<Function<URI, ApiClient>> {

    private static final Pattern VARIABLE = Pattern.compile("\\{(.*?)}");

    @RegisterExtension
    final LogCapture log = LogCapture.of("io.penstock");

    /** Observes with timers only, as there is no other way to meters. */
    @Override
    protected Function<URI, ApiClient> clientInstrumentedWithMetrics() {
        ObservationRegistry timers = ObservationRegistry.create();
        timers.observationConfig().observationHandler(new DefaultMeterObservationHandler(getRegistry()));
        return client(timers);
    }

    @Override
    protected Function<URI, ApiClient> clientInstrumentedWithObservations() {
        return client(getObservationRegistry());
    }

    private static Function<URI, ApiClient> client(ObservationRegistry registry) {
        return base -> ApiClient.builder(VendorSpec.generic("kit", base))
                .retry(RetryPolicy.standard().withMaxAttempts(1))
                .listener(ClientObservations.of(registry))
                .build();
    }

    @Override
    protected void sendHttpRequest(
            Function<URI, ApiClient> clients,
            HttpMethod method,
            byte @Nullable [] body,
            URI baseUri,
            String templatedPath,
            String... pathVariables) {
        ApiRequest<?> request = ApiRequest.of(Method.valueOf(method.name()), templatedPath);
        Matcher variables = VARIABLE.matcher(templatedPath);
        for (int i = 0; variables.find(); i++) {
            request = request.path(variables.group(1), pathVariables[i]);
        }
        if (body != null) {
            request = request.body(body, "application/octet-stream");
        }
        try (ApiClient client = clients.apply(baseUri)) {
            client.execute(request).block(Duration.ofSeconds(30));
        } catch (ApiException expected) {
            log.takeWarnings(); // the kit looks at the timers
        }
    }

    @Override
    protected ObservationDocumentation observationDocumentation() {
        return ClientObservationDocumentation.ATTEMPT;
    }
}
