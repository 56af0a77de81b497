package io.penstock.spec;

import io.penstock.auth.CredentialScheme;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.envelope.ErrorModel;
import io.penstock.error.ApiException;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.KeyPlacement;
import io.penstock.retry.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one API is like: a value, made of values. A vendor module declares it; the mechanisms are in core. It starts from
 * {@link #of} and says with {@code with…} only what is particular to the API:
 *
 * <pre>{@code
 * VendorSpec.of("acme", "Acme", "https://api.acme.example/v1", CredentialScheme.bearer())
 *         .withErrors(new ErrorModel(SHAPE, TABLE, AcmeException::of))
 *         .withQuota(QuotaModel.reported(HeaderFamily.xRateLimit()))
 * }</pre>
 *
 * @param id a short name in lower case, for the command line and the service loader
 * @param name the name for people
 * @param baseUri where it is found unless a client is told otherwise
 * @param credential where it wants its credential
 * @param errors how it says that something went wrong
 * @param quota how it limits its clients, and how it tells them
 * @param keyPlacement where it wants an idempotency key, or null if it knows none
 * @param retry how it wants to be retried
 * @param circuit when a server that fails is left alone
 * @param headers alternating names and values that every request carries
 * @param attemptTimeout the time of one attempt unless a client is told otherwise
 * @param operations what takes longer than a call, and how it is watched
 * @param lists what its lists look like, the more particular forms first
 */
public record VendorSpec(
        String id,
        String name,
        URI baseUri,
        CredentialScheme credential,
        ErrorModel errors,
        QuotaModel quota,
        @Nullable KeyPlacement keyPlacement,
        RetryPolicy retry,
        CircuitPolicy circuit,
        List<String> headers,
        Duration attemptTimeout,
        List<LongOperation> operations,
        List<ListForm> lists) {

    /** Enough for what most servers allow themselves. */
    public static final Duration USUAL_ATTEMPT_TIMEOUT = Duration.ofSeconds(30);

    /** Copies the lists. */
    public VendorSpec {
        headers = List.copyOf(headers);
        operations = List.copyOf(operations);
        lists = List.copyOf(lists);
    }

    /**
     * A JSON API of which nothing else is known: no quota, no idempotency key, errors by their status, the standard
     * policies of retry and circuit, 30 s for an attempt.
     */
    public static VendorSpec of(String id, String name, URI baseUri, CredentialScheme credential) {
        return new VendorSpec(
                id,
                name,
                baseUri,
                credential,
                ErrorModel.byStatusOnly(),
                QuotaModel.unknown(),
                null,
                RetryPolicy.standard(),
                CircuitPolicy.standard(),
                List.of(),
                USUAL_ATTEMPT_TIMEOUT,
                List.of(),
                List.of());
    }

    /** As {@link #of(String, String, URI, CredentialScheme)}, with the address as text. */
    public static VendorSpec of(String id, String name, String baseUri, CredentialScheme credential) {
        return of(id, name, URI.create(baseUri), credential);
    }

    /** Any JSON API: bearer credential, quota headers of any known family, decisions by status, the standard retry policy. */
    public static VendorSpec generic(String id, URI baseUri) {
        return of(id, id, baseUri, CredentialScheme.bearer()).withQuota(QuotaModel.reported(HeaderFamily.auto()));
    }

    /** The same API, with its credential there. */
    public VendorSpec withCredential(CredentialScheme newCredential) {
        return new VendorSpec(
                id,
                name,
                baseUri,
                newCredential,
                errors,
                quota,
                keyPlacement,
                retry,
                circuit,
                headers,
                attemptTimeout,
                operations,
                lists);
    }

    /** The same API, with errors like that. */
    public VendorSpec withErrors(ErrorModel newErrors) {
        return new VendorSpec(
                id,
                name,
                baseUri,
                credential,
                newErrors,
                quota,
                keyPlacement,
                retry,
                circuit,
                headers,
                attemptTimeout,
                operations,
                lists);
    }

    /** The same API, with a quota like that. */
    public VendorSpec withQuota(QuotaModel newQuota) {
        return new VendorSpec(
                id,
                name,
                baseUri,
                credential,
                errors,
                newQuota,
                keyPlacement,
                retry,
                circuit,
                headers,
                attemptTimeout,
                operations,
                lists);
    }

    /** The same API with an idempotency key in that place. */
    public VendorSpec withKeyPlacement(KeyPlacement newKeyPlacement) {
        return new VendorSpec(
                id,
                name,
                baseUri,
                credential,
                errors,
                quota,
                newKeyPlacement,
                retry,
                circuit,
                headers,
                attemptTimeout,
                operations,
                lists);
    }

    /** The same API, to be retried like that. */
    public VendorSpec withRetry(RetryPolicy newRetry) {
        return new VendorSpec(
                id,
                name,
                baseUri,
                credential,
                errors,
                quota,
                keyPlacement,
                newRetry,
                circuit,
                headers,
                attemptTimeout,
                operations,
                lists);
    }

    /** The same API, left alone like that when it fails. */
    public VendorSpec withCircuit(CircuitPolicy newCircuit) {
        return new VendorSpec(
                id,
                name,
                baseUri,
                credential,
                errors,
                quota,
                keyPlacement,
                retry,
                newCircuit,
                headers,
                attemptTimeout,
                operations,
                lists);
    }

    /** The same API, with one more header on every request. */
    public VendorSpec withHeader(String header, String value) {
        List<String> more = new ArrayList<>(headers);
        more.add(header);
        more.add(value);
        return new VendorSpec(
                id,
                name,
                baseUri,
                credential,
                errors,
                quota,
                keyPlacement,
                retry,
                circuit,
                more,
                attemptTimeout,
                operations,
                lists);
    }

    /** The same API, with that much time for an attempt. */
    public VendorSpec withAttemptTimeout(Duration newAttemptTimeout) {
        return new VendorSpec(
                id,
                name,
                baseUri,
                credential,
                errors,
                quota,
                keyPlacement,
                retry,
                circuit,
                headers,
                newAttemptTimeout,
                operations,
                lists);
    }

    /** The same API, where these take longer than a call. */
    public VendorSpec withOperations(LongOperation... newOperations) {
        return new VendorSpec(
                id,
                name,
                baseUri,
                credential,
                errors,
                quota,
                keyPlacement,
                retry,
                circuit,
                headers,
                attemptTimeout,
                List.of(newOperations),
                lists);
    }

    /** The same API, with lists of these forms, the more particular ones first. */
    public VendorSpec withLists(ListForm... newLists) {
        return new VendorSpec(
                id,
                name,
                baseUri,
                credential,
                errors,
                quota,
                keyPlacement,
                retry,
                circuit,
                headers,
                attemptTimeout,
                operations,
                List.of(newLists));
    }

    /**
     * The form of the list at that path: the first one that names it, else the first one for all.
     *
     * @throws ApiException INVALID_REQUEST if there is none
     */
    public ListForm listAt(String path) {
        return lists.stream()
                .filter(form -> form.names(path))
                .findFirst()
                .or(() -> lists.stream().filter(form -> form.paths().isEmpty()).findFirst())
                .orElseThrow(() -> ApiException.invalidRequest("list " + path + ": nothing is known of the lists of "
                        + name + " there (expected: pages(request, paging), which says how they go on)"));
    }

    @Override
    public String toString() {
        return "VendorSpec[" + id + ", " + baseUri + "]";
    }
}
