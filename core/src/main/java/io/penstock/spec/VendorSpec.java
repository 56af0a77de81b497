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
 * The description of one API: a value made of values. A vendor module declares it; the mechanisms are in core. A
 * declaration starts from {@link #of} and adds only what is specific to the API with {@code with…}:
 *
 * <pre>{@code
 * VendorSpec.of("acme", "Acme", "https://api.acme.example/v1", CredentialScheme.bearer())
 *         .withErrors(new ErrorModel(SHAPE, TABLE, AcmeException::of))
 *         .withQuota(QuotaModel.reported(HeaderFamily.xRateLimit()))
 * }</pre>
 *
 * @param id a short name in lower case, for the command line and the service loader
 * @param name the display name
 * @param baseUri the default base URI
 * @param credential the placement of the credential
 * @param errors how the API reports errors
 * @param quota how the API limits its clients, and how it reports the limits
 * @param keyPlacement the placement of an idempotency key, or null if the API does not support one
 * @param retry the retry policy
 * @param circuit the circuit breaker policy
 * @param headers alternating names and values that every request carries
 * @param attemptTimeout the default timeout of an attempt
 * @param operations the operations that take longer than a call, and how they are polled
 * @param lists the forms of the API's lists, more specific forms first
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

    /** The default attempt timeout, 30 s: long enough for what most servers allow themselves. */
    public static final Duration USUAL_ATTEMPT_TIMEOUT = Duration.ofSeconds(30);

    /** Copies the lists. */
    public VendorSpec {
        headers = List.copyOf(headers);
        operations = List.copyOf(operations);
        lists = List.copyOf(lists);
    }

    /**
     * Returns the description of a plain JSON API: no known quota, no idempotency key, errors classified by status, the
     * standard retry and circuit breaker policies, and 30 s per attempt.
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

    /** Acts like {@link #of(String, String, URI, CredentialScheme)}, with the base URI as text. */
    public static VendorSpec of(String id, String name, String baseUri, CredentialScheme credential) {
        return of(id, name, URI.create(baseUri), credential);
    }

    /**
     * Returns the description of a generic JSON API: bearer credential, quota headers of any known family, errors
     * classified by status, and the standard retry policy.
     */
    public static VendorSpec generic(String id, URI baseUri) {
        return of(id, id, baseUri, CredentialScheme.bearer()).withQuota(QuotaModel.reported(HeaderFamily.auto()));
    }

    /** Returns a copy with this credential placement. */
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

    /** Returns a copy with this error model. */
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

    /** Returns a copy with this quota model. */
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

    /** Returns a copy with this placement of the idempotency key. */
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

    /** Returns a copy with this retry policy. */
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

    /** Returns a copy with this circuit breaker policy. */
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

    /** Returns a copy with one more header on every request. */
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

    /** Returns a copy with this attempt timeout. */
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

    /** Returns a copy with these long operations in place of the current ones. */
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

    /** Returns a copy with these list forms in place of the current ones, more specific forms first. */
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
     * Returns the form of the list at a path: the first one that names it, or else the first one for all lists.
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
