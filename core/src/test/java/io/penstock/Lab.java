package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.auth.AccessToken;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.TokenExchange;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.retry.Backoff;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A client on a scripted wire whose time a test moves: waits of one second, without jitter. */
final class Lab {

    static final VendorSpec SPEC = VendorSpec.generic("acme", URI.create("https://api.example.com/v1/"));
    static final RetryPolicy STEADY = RetryPolicy.standard()
            .withBackoff(new Backoff(Duration.ofSeconds(1), 1, Duration.ofSeconds(1), 0))
            .withBudgetShare(1);

    /** A vendor whose token is fetched by {@code POST token} and never ends. */
    static final VendorSpec WITH_TOKEN = SPEC.withCredential(CredentialScheme.bearer()
            .exchangedBy(new TokenExchange(
                    "POST token",
                    secret -> ApiRequest.post("token").idempotent(),
                    (answer, at) -> new AccessToken(Secret.of("t0ken-value"), null),
                    Duration.ZERO)));

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    ApiClientBuilder client(StubTransport wire) {
        return client(SPEC, wire);
    }

    ApiClientBuilder client(VendorSpec spec, StubTransport wire) {
        return ApiClient.builder(spec).transport(wire).scheduler(time).retry(STEADY);
    }

    /** Names and values of headers as they are written on the wire, with a semicolon between two. */
    static String[] pairs(String headers) {
        return headers.split(": |; ", -1);
    }

    /** A vendor that declares one limit. */
    static VendorSpec limited(int calls, Duration per) {
        return SPEC.withQuota(QuotaModel.declared(DeclaredLimit.perCredential("key", calls, per)));
    }

    /** The failure that the call ends with, however long it takes. */
    ApiException failure(Mono<?> call) {
        List<Throwable> errors = new ArrayList<>();
        call.subscribe(v -> {}, errors::add);
        time.advanceTimeBy(Duration.ofMinutes(10));
        assertThat(errors).singleElement().isInstanceOf(ApiException.class);
        return (ApiException) errors.get(0);
    }

    /** The one value that the call ends with, however long it takes. */
    <T> T value(Mono<T> call) {
        List<T> values = new ArrayList<>();
        List<Throwable> errors = new ArrayList<>();
        call.subscribe(values::add, errors::add);
        time.advanceTimeBy(Duration.ofMinutes(10));
        assertThat(errors).isEmpty();
        assertThat(values).hasSize(1);
        return values.get(0);
    }
}
