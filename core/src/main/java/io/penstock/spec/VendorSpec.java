package io.penstock.spec;

import io.penstock.auth.CredentialScheme;
import io.penstock.body.BodyFormat;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.envelope.ErrorModel;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.http.PathPattern;
import io.penstock.pipeline.Operator;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.KeyPlacement;
import io.penstock.retry.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
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
 * Two specs are equal if all their members are.
 */
public final class VendorSpec {

    /** The default attempt timeout, 30 s: long enough for what most servers allow themselves. */
    public static final Duration USUAL_ATTEMPT_TIMEOUT = Duration.ofSeconds(30);

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]*");

    private final Members members;

    private VendorSpec(Members members) {
        members.check();
        this.members = members;
    }

    /**
     * An operator and its position.
     *
     * @param position where it runs
     * @param operator the operator
     */
    public record PlacedOperator(Operator.Position position, Operator operator) {}

    /** The members, which are changed only between their copying and the creation of a spec. */
    private static final class Members {
        final String id;
        final String name;
        final URI baseUri;
        CredentialScheme credential;
        ErrorModel errors = ErrorModel.byStatusOnly();
        QuotaModel quota = QuotaModel.unknown();

        @Nullable
        KeyPlacement keyPlacement;

        RetryPolicy retry = RetryPolicy.standard();
        CircuitPolicy circuit = CircuitPolicy.standard();
        List<String> headers = List.of();
        BodyFormat bodies = BodyFormat.json();
        Duration attemptTimeout = USUAL_ATTEMPT_TIMEOUT;
        List<LongOperation> operations = List.of();
        List<ListForm> lists = List.of();
        List<PlacedOperator> operators = List.of();

        Members(String id, String name, URI baseUri, CredentialScheme credential) {
            this.id = id;
            this.name = name;
            this.baseUri = baseUri;
            this.credential = credential;
        }

        Members(Members other) {
            this(other.id, other.name, other.baseUri, other.credential);
            this.errors = other.errors;
            this.quota = other.quota;
            this.keyPlacement = other.keyPlacement;
            this.retry = other.retry;
            this.circuit = other.circuit;
            this.headers = other.headers;
            this.bodies = other.bodies;
            this.attemptTimeout = other.attemptTimeout;
            this.operations = other.operations;
            this.lists = other.lists;
            this.operators = other.operators;
        }

        /** Rejects what no client of the spec could use, and parts that contradict each other. */
        void check() {
            if (!ID.matcher(id).matches()) {
                throw wrong("id: " + id + " (expected: lower-case letters, digits, dots and hyphens)");
            }
            if (name.isBlank()) {
                throw wrong("name: \"" + name + "\" (expected: the name of the API)");
            }
            String scheme = String.valueOf(baseUri.getScheme()).toLowerCase(Locale.ROOT);
            if (!(scheme.equals("http") || scheme.equals("https"))
                    || baseUri.getRawAuthority() == null
                    || baseUri.getRawQuery() != null) {
                throw wrong("baseUri: " + baseUri + " (expected: http or https with a host, without a query)");
            }
            if (attemptTimeout.isNegative() || attemptTimeout.isZero()) {
                throw wrong("attemptTimeout: " + attemptTimeout + " (expected: more than zero)");
            }
            checkHeaders();
            Set<String> names = new HashSet<>();
            for (LongOperation operation : operations) {
                if (!names.add(operation.name())) {
                    throw wrong("operations: " + operation.name() + " twice (expected: a name for each)");
                }
            }
        }

        private void checkHeaders() {
            Map<String, String> takenBy = new HashMap<>();
            for (int i = 0; i < headers.size(); i += 2) {
                take(takenBy, headers.get(i), headers.get(i + 1), "headers");
            }
            credential.headers().forEach(header -> take(takenBy, header, "", "credential"));
            KeyPlacement key = keyPlacement;
            if (key != null && key.where() == KeyPlacement.Where.HEADER) {
                take(takenBy, key.name(), "", "keyPlacement");
            }
        }

        private void take(Map<String, String> takenBy, String header, String value, String member) {
            try {
                Headers.checkSendable(header, value);
            } catch (ApiException e) {
                throw wrong(e.failure().message());
            }
            String other = takenBy.put(header.toLowerCase(Locale.ROOT), member);
            if (other != null) {
                throw wrong((other.equals(member) ? member : other + " and " + member) + ": header " + header
                        + " twice (expected: each header once)");
            }
        }

        private ApiException wrong(String sentence) {
            return ApiException.invalidConfiguration("spec of " + id + ": " + sentence);
        }

        List<@Nullable Object> all() {
            return Arrays.asList(
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
                    bodies,
                    attemptTimeout,
                    operations,
                    lists,
                    operators);
        }
    }

    /**
     * Returns the description of a plain JSON API: no known quota, no idempotency key, errors classified by status, the
     * standard retry and circuit breaker policies, and 30 s per attempt.
     */
    public static VendorSpec of(String id, String name, URI baseUri, CredentialScheme credential) {
        return new VendorSpec(new Members(id, name, baseUri, credential));
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

    private VendorSpec with(Consumer<Members> change) {
        Members changed = new Members(members);
        change.accept(changed);
        return new VendorSpec(changed);
    }

    /** Returns a copy with this credential placement. */
    public VendorSpec withCredential(CredentialScheme newCredential) {
        return with(copy -> copy.credential = newCredential);
    }

    /** Returns a copy with this error model. */
    public VendorSpec withErrors(ErrorModel newErrors) {
        return with(copy -> copy.errors = newErrors);
    }

    /** Returns a copy with this quota model. */
    public VendorSpec withQuota(QuotaModel newQuota) {
        return with(copy -> copy.quota = newQuota);
    }

    /** Returns a copy with this placement of the idempotency key. */
    public VendorSpec withKeyPlacement(KeyPlacement newKeyPlacement) {
        return with(copy -> copy.keyPlacement = newKeyPlacement);
    }

    /** Returns a copy with this retry policy. */
    public VendorSpec withRetry(RetryPolicy newRetry) {
        return with(copy -> copy.retry = newRetry);
    }

    /** Returns a copy with this circuit breaker policy. */
    public VendorSpec withCircuit(CircuitPolicy newCircuit) {
        return with(copy -> copy.circuit = newCircuit);
    }

    /** Returns a copy with one more header on every request. */
    public VendorSpec withHeader(String header, String value) {
        List<String> more = new ArrayList<>(members.headers);
        more.add(header);
        more.add(value);
        return with(copy -> copy.headers = List.copyOf(more));
    }

    /** Returns a copy whose requests send their objects in this format, unless they set another. */
    public VendorSpec withBodies(BodyFormat newBodies) {
        return with(copy -> copy.bodies = newBodies);
    }

    /** Returns a copy with this attempt timeout. */
    public VendorSpec withAttemptTimeout(Duration newAttemptTimeout) {
        return with(copy -> copy.attemptTimeout = newAttemptTimeout);
    }

    /** Returns a copy with these long operations in place of the current ones. */
    public VendorSpec withOperations(LongOperation... newOperations) {
        return with(copy -> copy.operations = List.of(newOperations));
    }

    /** Returns a copy with these list forms in place of the current ones, more specific forms first. */
    public VendorSpec withLists(ListForm... newLists) {
        return with(copy -> copy.lists = List.of(newLists));
    }

    /**
     * Returns a copy with one more operator, for a rule of the API that no other member of a spec can express, such as a
     * signature over the request. Every client of the spec has it: those of the command line and of the conformance kit too.
     * Operators of one position run in the order in which they were added, inside the operators of the client.
     *
     * <p>The operator belongs to all clients of the spec at once, so it must keep no state of one of them.
     */
    public VendorSpec withOperator(Operator.Position position, Operator operator) {
        List<PlacedOperator> more = new ArrayList<>(members.operators);
        more.add(new PlacedOperator(position, operator));
        return with(copy -> copy.operators = List.copyOf(more));
    }

    /** Returns a short name in lower case, for the command line and the service loader. */
    public String id() {
        return members.id;
    }

    /** Returns the display name. */
    public String name() {
        return members.name;
    }

    /** Returns the default base URI. */
    public URI baseUri() {
        return members.baseUri;
    }

    /** Returns the placement of the credential. */
    public CredentialScheme credential() {
        return members.credential;
    }

    /** Returns how the API reports errors. */
    public ErrorModel errors() {
        return members.errors;
    }

    /** Returns how the API limits its clients, and how it reports the limits. */
    public QuotaModel quota() {
        return members.quota;
    }

    /** Returns the placement of an idempotency key, or null if the API does not support one. */
    public @Nullable KeyPlacement keyPlacement() {
        return members.keyPlacement;
    }

    /** Returns the retry policy. */
    public RetryPolicy retry() {
        return members.retry;
    }

    /** Returns the circuit breaker policy. */
    public CircuitPolicy circuit() {
        return members.circuit;
    }

    /** Returns alternating names and values that every request carries. */
    public List<String> headers() {
        return members.headers;
    }

    /** Returns the format in which requests send their objects. */
    public BodyFormat bodies() {
        return members.bodies;
    }

    /** Returns the default timeout of an attempt. */
    public Duration attemptTimeout() {
        return members.attemptTimeout;
    }

    /** Returns the operations that take longer than a call, and how they are polled. */
    public List<LongOperation> operations() {
        return members.operations;
    }

    /** Returns the forms of the API's lists, more specific forms first. */
    public List<ListForm> lists() {
        return members.lists;
    }

    /** Returns the operators that every client of the spec has, in their order. */
    public List<PlacedOperator> operators() {
        return members.operators;
    }

    /**
     * Returns the form of the list at a path: the first one that names it, or else the first one for all lists.
     *
     * @throws ApiException INVALID_REQUEST if there is none
     */
    public ListForm listAt(String path) {
        String fromRoot = PathPattern.fromRoot(path, members.baseUri);
        return members.lists.stream()
                .filter(form -> form.names(fromRoot, members.baseUri))
                .findFirst()
                .or(() -> members.lists.stream()
                        .filter(form -> form.paths().isEmpty())
                        .findFirst())
                .orElseThrow(() -> ApiException.invalidRequest("list " + path + ": nothing is known of the lists of "
                        + name() + " there (expected: pages(request, paging), which says how they go on)"));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VendorSpec spec && members.all().equals(spec.members.all());
    }

    @Override
    public int hashCode() {
        return members.all().hashCode();
    }

    @Override
    public String toString() {
        return "VendorSpec[" + id() + ", " + baseUri() + "]";
    }
}
