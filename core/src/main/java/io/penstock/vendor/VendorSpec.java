package io.penstock.vendor;

import io.penstock.ApiException;
import io.penstock.Failure;
import io.penstock.auth.CredentialScheme;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.retry.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one API is like: a value, made of values. A vendor module declares it; the mechanisms are in core.
 *
 * @param id a short name in lower case, for the command line and the service loader
 * @param name the name for people
 * @param baseUri where it is found unless a client is told otherwise
 * @param credential where it wants its credential
 * @param quotaHeaders the headers in which it reports its quota, or null if it reports none
 * @param limits the limits it publishes
 * @param errorShape where its error bodies keep what they say
 * @param errorTable what its errors mean
 * @param exceptions its exception for a failure
 * @param keyPlacement where it wants an idempotency key, or null if it knows none
 * @param retry how it wants to be retried
 * @param quotaPerOperation whether each operation (method and path template) has a quota of its own
 * @param headers alternating names and values that every request carries
 * @param attemptTimeout the time of one attempt unless a client is told otherwise
 */
public record VendorSpec(
        String id,
        String name,
        URI baseUri,
        CredentialScheme credential,
        @Nullable HeaderFamily quotaHeaders,
        List<DeclaredLimit> limits,
        ErrorShape errorShape,
        ErrorTable errorTable,
        Function<Failure, ApiException> exceptions,
        @Nullable KeyPlacement keyPlacement,
        RetryPolicy retry,
        boolean quotaPerOperation,
        List<String> headers,
        Duration attemptTimeout) {

    /** Enough for what most servers allow themselves. */
    public static final Duration USUAL_ATTEMPT_TIMEOUT = Duration.ofSeconds(30);

    /** Copies the lists. */
    public VendorSpec {
        limits = List.copyOf(limits);
        headers = List.copyOf(headers);
    }

    /** Any JSON API: bearer credential, {@code X-RateLimit} headers, decisions by status, the standard retry policy. */
    public static VendorSpec generic(String id, URI baseUri) {
        return new VendorSpec(
                id,
                id,
                baseUri,
                CredentialScheme.bearer(),
                HeaderFamily.xRateLimit(),
                List.of(),
                ErrorShape.messageOnly(),
                ErrorTable.byStatusOnly(),
                ApiException::new,
                null,
                RetryPolicy.standard(),
                false,
                List.of(),
                USUAL_ATTEMPT_TIMEOUT);
    }

    /** The same API with an idempotency key in that place. */
    public VendorSpec withKeyPlacement(KeyPlacement newKeyPlacement) {
        return new VendorSpec(
                id,
                name,
                baseUri,
                credential,
                quotaHeaders,
                limits,
                errorShape,
                errorTable,
                exceptions,
                newKeyPlacement,
                retry,
                quotaPerOperation,
                headers,
                attemptTimeout);
    }

    @Override
    public String toString() {
        return "VendorSpec[" + id + ", " + baseUri + "]";
    }
}
