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
        RetryPolicy retry) {

    /** Copies the list. */
    public VendorSpec {
        limits = List.copyOf(limits);
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
                RetryPolicy.standard());
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
                retry);
    }

    @Override
    public String toString() {
        return "VendorSpec[" + id + ", " + baseUri + "]";
    }
}
