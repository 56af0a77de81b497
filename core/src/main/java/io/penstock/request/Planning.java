package io.penstock.request;

import io.penstock.annotation.Internal;
import io.penstock.body.BodyFormat;
import io.penstock.body.JsonCodec;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.PathPattern;
import io.penstock.upload.RequestBody;
import io.penstock.upload.Upload;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A factory for the plans of calls: absolute URI, encoded body, headers, and the idempotency key in its place.
 *
 * @hidden
 */
@Internal
public final class Planning {

    private static final String USER_AGENT = "penstock";
    private static final int PATHS = 32;

    /** A token for the planning client, so that a request that outlives the client does not retain it. */
    private final Object identity = new Object();

    private final URI baseUri;
    private final JsonCodec codec;
    private final @Nullable KeyPlacement keyPlacement;
    private final List<PathPattern> keyedPaths;
    private final String vendorName;
    private final Defaults defaults;
    private final AtomicReferenceArray<@Nullable Resolved> resolved = new AtomicReferenceArray<>(PATHS);

    /** A path without placeholders, and its URI. */
    private record Resolved(String path, URI uri) {}

    /** A plan, and the identity of its planner. */
    record Kept(Object by, Plan plan) {}

    /**
     * The defaults that a client adds to its requests.
     *
     * @param deadline the deadline of a call that sets none
     * @param patient whether that deadline is only the default, so that a published limit may extend it
     * @param headers alternating names and values of the headers that a request carries unless it has its own
     * @param bodies the format of an object that a request sends, unless it has another
     * @param credentialParameters the query parameters that hold the credential
     * @hidden
     */
    @Internal
    public record Defaults(
            Duration deadline,
            boolean patient,
            List<String> headers,
            BodyFormat bodies,
            List<String> credentialParameters) {

        /** Copies the lists. */
        public Defaults {
            headers = List.copyOf(headers);
            credentialParameters = List.copyOf(credentialParameters);
        }

        /** Returns only a deadline, which was set explicitly. */
        public static Defaults within(Duration deadline) {
            return new Defaults(deadline, false, List.of(), BodyFormat.json(), List.of());
        }
    }

    /**
     * Creates a planner for a client.
     *
     * @param keyPlacement the placement of an idempotency key, or null if the API does not support one
     * @param vendorName the name of the API, for errors
     */
    public Planning(
            URI baseUri, JsonCodec codec, @Nullable KeyPlacement keyPlacement, String vendorName, Defaults defaults) {
        this.baseUri = baseUri;
        this.codec = codec;
        this.keyPlacement = keyPlacement;
        this.vendorName = vendorName;
        this.defaults = defaults;
        this.keyedPaths = keyPlacement == null
                ? List.of()
                : keyPlacement.paths().stream()
                        .map(path -> PathPattern.of("paths of idempotency keys", path, baseUri))
                        .toList();
    }

    /**
     * Returns the plan of a request. A request with a body is planned each time, and so is one with a key, whose
     * lifetime belongs to each call. Any other plan is kept with the request and reused.
     */
    public Plan plan(ApiRequest<?> request) {
        Kept kept = request.kept();
        if (kept != null && kept.by == identity) {
            return kept.plan;
        }
        Plan made = newPlan(request);
        if (made.body() == null && made.key() == null) {
            request.keep(new Kept(identity, made));
        }
        return made;
    }

    /** Resolves a request. Of plain paths the last ones are kept: a request with a body is made anew for each call. */
    private URI resolve(ApiRequest<?> request) {
        String path = request.plainPath();
        if (path == null) {
            return request.resolve(baseUri);
        }
        int place = path.hashCode() & PATHS - 1;
        Resolved known = resolved.get(place);
        if (known == null || !known.path.equals(path)) {
            known = new Resolved(path, request.resolve(baseUri));
            resolved.set(place, known);
        }
        return known.uri;
    }

    private Plan newPlan(ApiRequest<?> request) {
        checkWaits(request);
        URI uri = resolve(request);
        IdempotencyKey key = request.key();
        List<String> headers = new ArrayList<>(request.headers().size() + 6);
        if (!has(request.headers(), "accept")) {
            headers.add("accept");
            headers.add(request.payload().accept());
        }
        if (!has(request.headers(), "user-agent")) {
            headers.add("user-agent");
            headers.add(USER_AGENT);
        }
        headers.addAll(request.headers());
        List<String> usualHeaders = defaults.headers;
        for (int i = 0; i < usualHeaders.size() && !request.isElsewhere(); i += 2) {
            if (!has(request.headers(), usualHeaders.get(i))) {
                headers.add(usualHeaders.get(i));
                headers.add(usualHeaders.get(i + 1));
            }
        }
        RequestBody body = body(request, uri, key, headers);
        return new Plan(request, uri, Collections.unmodifiableList(headers), body, this);
    }

    /** Rejects a limit on a part of the call that is longer than the deadline of the whole, if the request sets both. */
    private static void checkWaits(ApiRequest<?> request) {
        Duration deadline = request.deadline();
        if (deadline != null) {
            checkWithin(deadline, "attemptTimeout", request.attemptTimeout());
            checkWithin(deadline, "patience", request.patience());
        }
    }

    private static void checkWithin(Duration deadline, String option, @Nullable Duration part) {
        if (part != null && part.compareTo(deadline) > 0) {
            throw ApiException.invalidRequest(option + ": " + part + ", longer than the request's deadline of "
                    + deadline + " (expected: at most the deadline; lower it or raise deadline(…))");
        }
    }

    /** Returns a lifetime for the key of one call, or null if keys do not end. */
    @Nullable
    KeyLife keyLife() {
        Duration lifetime = keyPlacement == null ? null : keyPlacement.lifetime();
        return lifetime == null ? null : new KeyLife(lifetime);
    }

    /** Returns the deadline of a call: the request's, or else the default. */
    long timeoutNanos(ApiRequest<?> request) {
        Duration deadline = request.deadline();
        return Durations.nanosOf(deadline == null ? defaults.deadline : deadline);
    }

    /** Returns whether the deadline of a call is the default, and patient; a request may set another patience. */
    boolean isPatient(ApiRequest<?> request) {
        return request.deadline() == null && request.patience() == null && defaults.patient;
    }

    private @Nullable RequestBody body(
            ApiRequest<?> request, URI uri, @Nullable IdempotencyKey key, List<String> headers) {
        KeyPlacement placement = key == null ? null : placement(request, uri);
        if (key != null && placement != null && placement.where() == KeyPlacement.Where.HEADER) {
            if (has(headers, placement.name())) {
                throw ApiException.invalidRequest("header " + placement.name()
                        + ": given beside the idempotency key, which goes there (expected: one of the two)");
            }
            String text = placement.text(key);
            Headers.checkSendable(placement.name(), text);
            headers.add(placement.name());
            headers.add(text);
        }
        String member =
                placement != null && placement.where() == KeyPlacement.Where.BODY_MEMBER ? placement.name() : null;
        Object value = request.body();
        String contentType = request.contentType();
        if (value == null && member == null) {
            return null;
        }
        if (value instanceof Upload upload) {
            Upload.Key inside = key == null || placement == null || member == null
                    ? null
                    : new Upload.Key(member, placement.text(key));
            return upload(request, upload, inside, headers);
        }
        BodyFormat chosen = request.bodyFormat();
        BodyFormat format = chosen == null ? defaults.bodies : chosen;
        if (!has(headers, "content-type")) {
            headers.add("content-type");
            headers.add(contentType == null ? format.mediaType() : contentType);
        }
        if (contentType != null && value instanceof byte[] bytes) {
            if (member != null) {
                throw ApiException.invalidRequest("body: bytes (expected: an object to send as JSON, because the"
                        + " idempotency key goes into its member \"" + member + "\")");
            }
            return RequestBody.of(bytes);
        }
        if (key != null && placement != null && member != null) {
            return RequestBody.of(format.encodeWith(codec, value, member, placement.text(key)));
        }
        return value == null ? null : RequestBody.of(format.encode(codec, value));
    }

    private RequestBody upload(ApiRequest<?> request, Upload upload, Upload.@Nullable Key key, List<String> headers) {
        Method method = request.method();
        if (method != Method.POST && method != Method.PUT && method != Method.PATCH) {
            throw ApiException.invalidRequest("body: " + method + " with an upload (expected: a POST, PUT or PATCH)");
        }
        if (has(headers, "content-type")) {
            throw ApiException.invalidRequest(
                    "header content-type: given beside an upload, which has its own" + " (expected: one of the two)");
        }
        headers.add("content-type");
        headers.add(upload.contentType());
        return upload.encode(codec, key, request.uploadProgress());
    }

    private KeyPlacement placement(ApiRequest<?> request, URI uri) {
        if (keyPlacement == null) {
            throw ApiException.invalidRequest("idempotency key: " + vendorName
                    + " documents none (expected: a request without one; it is then sent again only if it was not"
                    + " acted on)");
        }
        boolean known = !request.method().idempotent()
                && (keyedPaths.isEmpty()
                        || (request.method() == Method.POST
                                && keyedPaths.stream().anyMatch(path -> path.matches(uri.getRawPath()))));
        if (!known) {
            throw ApiException.invalidRequest("idempotency key: " + request + " takes none (expected: "
                    + (keyedPaths.isEmpty()
                            ? "a POST or PATCH"
                            : "POST "
                                    + keyedPaths.stream()
                                            .map(PathPattern::toString)
                                            .collect(Collectors.joining(", POST ")))
                    + ")");
        }
        return keyPlacement;
    }

    private static boolean has(List<String> headers, String name) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the query parameters that hold the credential; none if headers do. */
    public List<String> credentialParameters() {
        return defaults.credentialParameters;
    }

    /** Returns the URI that paths are resolved against. */
    public URI baseUri() {
        return baseUri;
    }
}
