package io.penstock.request;

import io.penstock.annotation.Internal;
import io.penstock.body.BodyFormat;
import io.penstock.body.BodyFormat.ListStyle;
import io.penstock.body.Payload;
import io.penstock.body.Pointers;
import io.penstock.body.ServerSentEvent;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Authority;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.Progress;
import io.penstock.http.RawQuery;
import io.penstock.http.RequestTarget;
import io.penstock.http.Secret;
import io.penstock.upload.Upload;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request to an API: immutable, reusable, safe to share between threads. Every method returns a new request.
 *
 * <pre>{@code
 * ApiRequest<Scan> request = ApiRequest.get("scans/{id}").path("id", id).as(Scan.class);
 * }</pre>
 *
 * <p>The path is a reference that is resolved as in RFC 3986 §5.2: {@code scans} is below the base URI,
 * {@code /token-packs} at the root of its origin. Path values and query parameters are percent-encoded (RFC 3986 §2).
 * Names, values and headers with line breaks or other control characters are rejected at once, with an
 * {@link ApiException} of kind {@link ErrorKind#INVALID_REQUEST}.
 *
 * @param <T> the type that a success is decoded to; a JSON tree unless {@link #as(Payload)} sets another
 */
public final class ApiRequest<T> {

    /**
     * The longest duration that a clock of nanoseconds can count.
     *
     * @hidden
     */
    @Internal
    public static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    /**
     * The most units that one request can cost.
     *
     * @hidden
     */
    @Internal
    public static final int MOST_UNITS = 100_000;

    private static final int MOST_ATTEMPTS = 100;
    private static final int LEAST_RESPONSE_BYTES = 1024;

    private final Spec<T> spec;
    private volatile Planning.@Nullable Kept kept;

    private ApiRequest(Spec<T> spec) {
        this.spec = spec;
    }

    /**
     * The last resolution of a path, its values and a query. Kept because requests with the same three are usually sent
     * to one base URI many times: a request shares it with all copies that differ in something else.
     */
    private static final class Target {
        @Nullable
        volatile Resolved resolved;
    }

    private record Resolved(URI base, URI uri) {}

    /**
     * The parts of a request. One method on one thread fills it and hands it to a request; it never changes afterwards.
     */
    private static final class Spec<T> {
        final Method method;
        final String path;
        final Payload<T> payload;
        List<String> pathValues = List.of();
        List<String> query = List.of();
        Target target;
        List<String> headers = List.of();

        @Nullable
        Object body;

        @Nullable
        String contentType;

        @Nullable
        BodyFormat format;

        @Nullable
        IdempotencyKey key;

        @Nullable
        Duration deadline;

        @Nullable
        Integer maxAttempts;

        @Nullable
        Duration attemptTimeout;

        @Nullable
        Integer maxResponseBytes;

        @Nullable
        Duration patience;

        @Nullable
        Secret credential;

        @Nullable
        RetryClass marked;

        @Nullable
        Probe<?> probe;

        @Nullable
        Consumer<Progress> uploadProgress;

        @Nullable
        URI address;

        @Nullable
        String continued;

        boolean anonymous;
        boolean background;
        boolean failFast;

        @Nullable
        Pending pending;

        int redirects;

        @Nullable
        Integer cost;

        @Nullable
        String quota;

        Spec(Method method, String path, Payload<T> payload) {
            this(method, path, payload, new Target());
        }

        private Spec(Method method, String path, Payload<T> payload, Target target) {
            this.target = target;
            this.method = method;
            this.path = path;
            this.payload = payload;
        }

        <R> Spec<R> copy(Payload<R> newPayload) {
            Spec<R> copy = new Spec<>(method, path, newPayload, target);
            copy.pathValues = pathValues;
            copy.query = query;
            copy.headers = headers;
            copy.body = body;
            copy.contentType = contentType;
            copy.format = format;
            copy.key = key;
            copy.deadline = deadline;
            copy.maxAttempts = maxAttempts;
            copy.attemptTimeout = attemptTimeout;
            copy.maxResponseBytes = maxResponseBytes;
            copy.patience = patience;
            copy.credential = credential;
            copy.marked = marked;
            copy.probe = newPayload == payload ? probe : null;
            copy.uploadProgress = uploadProgress;
            copy.address = address;
            copy.continued = continued;
            copy.anonymous = anonymous;
            copy.background = background;
            copy.failFast = failFast;
            copy.pending = pending;
            copy.redirects = redirects;
            copy.cost = cost;
            copy.quota = quota;
            return copy;
        }
    }

    /**
     * The responses that mean that a resource is not ready yet. All given criteria must match.
     *
     * <pre>{@code
     * Pending.onStatus(202)
     * Pending.onStatus(404, 409).withMember("/error/code", "not_ready")
     * Pending.whileMember("/state", "queued", "running")
     * }</pre>
     *
     * @param statuses the statuses; empty for 2xx
     * @param header a header of the response; null for any
     * @param member a member of the body; null for any
     */
    public record Pending(
            Set<Integer> statuses,
            @Nullable Header header,
            @Nullable Member member) {

        /**
         * A header of the response.
         *
         * @param name its name
         * @param value its value, compared without case; null for any
         */
        public record Header(String name, @Nullable String value) {}

        /**
         * A member of the body.
         *
         * @param pointer the JSON pointer to it
         * @param values its values, compared without case; empty for any
         */
        public record Member(String pointer, Set<String> values) {}

        /** Copies the values and checks them: {@link ApiException} of kind INVALID_CONFIGURATION. */
        public Pending {
            statuses = Set.copyOf(statuses);
            if (statuses.isEmpty() && header == null && member == null) {
                throw ApiException.invalidConfiguration(
                        "pending: every response (expected: a status, a header or a member)");
            }
            for (int status : statuses) {
                if (status < 200 || status > 599 || status == 304) {
                    throw ApiException.invalidConfiguration(
                            "pending: status " + status + " (expected: 200 to 599, except for 304)");
                }
            }
            String wrong = header == null ? null : Headers.whatIsWrongWithName(header.name);
            if (wrong != null) {
                throw ApiException.invalidConfiguration("pending: " + wrong);
            }
            if (member != null) {
                Pointers.check("pending", member.pointer);
                member = new Member(
                        member.pointer,
                        member.values.stream()
                                .map(value -> value.toLowerCase(Locale.ROOT))
                                .collect(Collectors.toUnmodifiableSet()));
            }
        }

        /** Matches responses with one of these statuses. */
        public static Pending onStatus(Integer... statuses) {
            return new Pending(Set.of(statuses), null, null);
        }

        /** Matches successes with one of these values of a header; without any, with the header. */
        public static Pending whileHeader(String name, @Nullable String value) {
            return new Pending(Set.of(), new Header(name, value), null);
        }

        /** Matches successes whose body has one of these values at a JSON pointer; without any, a value. */
        public static Pending whileMember(String pointer, String... values) {
            return new Pending(Set.of(), null, new Member(pointer, Set.of(values)));
        }

        /** Returns a copy that also demands one of these values at a JSON pointer; without any, a value. */
        public Pending withMember(String pointer, String... values) {
            return new Pending(statuses, header, new Member(pointer, Set.of(values)));
        }

        /** Returns a copy that also demands this value of a header, or with null any. */
        public Pending withHeader(String name, @Nullable String value) {
            return new Pending(statuses, new Header(name, value), member);
        }

        /**
         * Returns whether status and headers match.
         *
         * @hidden
         */
        @Internal
        public boolean matches(int status, Headers headers) {
            boolean named = statuses.isEmpty() ? status >= 200 && status < 300 : statuses.contains(status);
            return named && (header == null || stands(header, headers));
        }

        private static boolean stands(Header header, Headers headers) {
            String value = header.value;
            return value == null
                    ? headers.contains(header.name)
                    : headers.all(header.name).stream()
                            .anyMatch(sent -> sent.strip().equalsIgnoreCase(value));
        }

        /**
         * Returns whether a body matches.
         *
         * @param body the body; null if it is no JSON
         * @hidden
         */
        @Internal
        public boolean matches(@Nullable JsonNode body) {
            if (member == null) {
                return true;
            }
            String found = body == null ? null : Pointers.text(body, List.of(member.pointer));
            return found != null && (member.values.isEmpty() || member.values.contains(found.toLowerCase(Locale.ROOT)));
        }
    }

    @SuppressWarnings("ReferenceEquality") // a change replaces the list; an equal one would resolve alike
    private ApiRequest<T> with(Consumer<Spec<T>> change) {
        Spec<T> copy = spec.copy(spec.payload);
        change.accept(copy);
        if (copy.pathValues != spec.pathValues || copy.query != spec.query) {
            copy.target = new Target();
        }
        return new ApiRequest<>(copy);
    }

    /**
     * Creates a GET of an absolute URI, such as one that an API has returned. Wherever it points, the request carries
     * no credential and none of the client's own headers, and its query, which may be a signature, is never shown. A
     * client with an {@code https} base URI rejects an {@code http} address.
     */
    public static ApiRequest<JsonNode> at(URI address) {
        String scheme = address.getScheme();
        boolean http = "https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme);
        if (!http || Authority.of(address) == null || address.getRawAuthority().indexOf('@') >= 0) {
            throw ApiException.invalidRequest("address: " + (http ? scheme : "no http") + "…"
                    + " (expected: an absolute http or https URI with a host and without a user)");
        }
        ApiRequest<JsonNode> request = new ApiRequest<>(new Spec<>(Method.GET, "{address}", Payload.tree()));
        return request.with(copy -> {
            copy.address = address;
            copy.anonymous = true;
        });
    }

    /** Creates a request with any method and path. */
    public static ApiRequest<JsonNode> of(Method method, String path) {
        RequestTarget.checkTemplate(path);
        return new ApiRequest<>(new Spec<>(method, path, Payload.tree()));
    }

    /** Creates a GET. */
    public static ApiRequest<JsonNode> get(String path) {
        return of(Method.GET, path);
    }

    /** Creates a POST. */
    public static ApiRequest<JsonNode> post(String path) {
        return of(Method.POST, path);
    }

    /** Creates a PUT. */
    public static ApiRequest<JsonNode> put(String path) {
        return of(Method.PUT, path);
    }

    /** Creates a PATCH. */
    public static ApiRequest<JsonNode> patch(String path) {
        return of(Method.PATCH, path);
    }

    /** Creates a DELETE. */
    public static ApiRequest<JsonNode> delete(String path) {
        return of(Method.DELETE, path);
    }

    /** Fills {@code {name}} in the path with the percent-encoded value. */
    public ApiRequest<T> path(String name, Object value) {
        String text = value.toString();
        RequestTarget.checkValue(spec.path, name, text);
        return with(copy -> copy.pathValues = plus(spec.pathValues, name, text));
    }

    /** Adds a query parameter; a name may occur several times. A null value adds nothing. */
    public ApiRequest<T> query(String name, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        RequestTarget.checkText("query parameter", name, name);
        RequestTarget.checkText("query parameter", name, value.toString());
        return with(copy -> copy.query = plus(spec.query, name, value.toString()));
    }

    /**
     * Adds a list of values to the query in the way in which the API takes lists. An empty list adds nothing.
     *
     * @throws ApiException INVALID_REQUEST for a value with a comma, where commas separate the values
     */
    public ApiRequest<T> query(String name, Collection<?> values, ListStyle style) {
        List<String> all = new ArrayList<>(spec.query);
        style.spread(name, values.stream().map(String::valueOf).toList(), (each, value) -> {
            RequestTarget.checkText("query parameter", each, each);
            RequestTarget.checkText("query parameter", each, value);
            all.add(each);
            all.add(value);
        });
        return values.isEmpty() ? this : with(copy -> copy.query = List.copyOf(all));
    }

    /**
     * Returns a copy in which this query parameter replaces all others of its name; it is added at the end if there is
     * none.
     */
    public ApiRequest<T> withQuery(String name, Object value) {
        if (queryValue(name) == null) {
            return query(name, value);
        }
        RequestTarget.checkText("query parameter", name, value.toString());
        List<String> replaced = new ArrayList<>(spec.query.size());
        boolean seen = false;
        for (int i = 0; i < spec.query.size(); i += 2) {
            boolean same = spec.query.get(i).equals(name);
            if (!same || !seen) {
                replaced.add(spec.query.get(i));
                replaced.add(same ? value.toString() : spec.query.get(i + 1));
            }
            seen |= same;
        }
        return with(copy -> copy.query = List.copyOf(replaced));
    }

    /** Returns a copy without this query parameter. */
    public ApiRequest<T> withoutQuery(String name) {
        if (queryValue(name) == null) {
            return this;
        }
        List<String> left = new ArrayList<>(spec.query.size());
        for (int i = 0; i < spec.query.size(); i += 2) {
            if (!spec.query.get(i).equals(name)) {
                left.add(spec.query.get(i));
                left.add(spec.query.get(i + 1));
            }
        }
        return with(copy -> copy.query = List.copyOf(left));
    }

    /** Returns the first value of this query parameter, or null. */
    public @Nullable String queryValue(String name) {
        for (int i = 0; i < spec.query.size(); i += 2) {
            if (spec.query.get(i).equals(name)) {
                return spec.query.get(i + 1);
            }
        }
        return null;
    }

    /** Adds a header; a name may occur several times. */
    public ApiRequest<T> header(String name, String value) {
        Headers.checkSendable(name, value);
        return with(copy -> copy.headers = plus(spec.headers, name, value));
    }

    /** Returns a copy in which this header replaces all others of its name. */
    public ApiRequest<T> withHeader(String name, String value) {
        Headers.checkSendable(name, value);
        List<String> others = new ArrayList<>(spec.headers.size());
        for (int i = 0; i < spec.headers.size(); i += 2) {
            if (!spec.headers.get(i).equalsIgnoreCase(name)) {
                others.add(spec.headers.get(i));
                others.add(spec.headers.get(i + 1));
            }
        }
        return with(copy -> copy.headers = plus(others, name, value));
    }

    /** Returns the first value of the request's own header of this name, or null. */
    public @Nullable String headerValue(String name) {
        for (int i = 0; i < spec.headers.size(); i += 2) {
            if (spec.headers.get(i).equalsIgnoreCase(name)) {
                return spec.headers.get(i + 1);
            }
        }
        return null;
    }

    /**
     * Sends the object in the API's format, which is JSON unless its spec sets another: a record, a map, a tree. It is
     * encoded once per assembled call.
     */
    public ApiRequest<T> body(Object object) {
        return body(object, null, null);
    }

    /**
     * Asks for the resource only if it has changed: adds {@code If-None-Match} (RFC 9110 §13.1.2). If it has not,
     * {@code ApiClient.execute} emits a response that is {@linkplain ApiResponse#isNotModified not modified}, without a value.
     *
     * @param entityTag the {@link ApiResponse#entityTag()} of an earlier response, with its quotes
     */
    public ApiRequest<T> ifNoneMatch(String entityTag) {
        return withHeader("if-none-match", Conditions.entityTag(entityTag));
    }

    /**
     * Asks for the resource only if it was modified later: adds {@code If-Modified-Since} (RFC 9110 §13.1.3), which is exact
     * to the second. Prefer {@link #ifNoneMatch} where the API sends entity tags.
     */
    public ApiRequest<T> ifModifiedSince(Instant date) {
        return withHeader("if-modified-since", Conditions.httpDate(date));
    }

    /**
     * Acts only if the resource still is this version: adds {@code If-Match} (RFC 9110 §13.1.1). Otherwise the call fails
     * with a 412 of kind {@link ErrorKind#CONFLICT}. With it, a POST or PATCH is safe to send again, see
     * {@link #retryClass()}.
     *
     * @param entityTag the {@link ApiResponse#entityTag()} of the version, with its quotes
     */
    public ApiRequest<T> ifMatch(String entityTag) {
        return withHeader("if-match", Conditions.entityTag(entityTag));
    }

    /** Acts only if the resource was not modified after this second: adds {@code If-Unmodified-Since} (RFC 9110 §13.1.4). */
    public ApiRequest<T> ifUnmodifiedSince(Instant date) {
        return withHeader("if-unmodified-since", Conditions.httpDate(date));
    }

    /** Sends the object in this format, such as a form or a JSON Merge Patch. */
    public ApiRequest<T> body(Object object, BodyFormat format) {
        return body(object, null, format);
    }

    /** Sends these bytes as they are. The array must not change afterwards. */
    public ApiRequest<T> body(byte[] bytes, String contentType) {
        Headers.checkSendable("content-type", contentType);
        return body(bytes, contentType, null);
    }

    /** Sends files or a stream, read while they are sent. For POST, PUT and PATCH. */
    public ApiRequest<T> body(Upload upload) {
        return body(upload, upload.contentType(), null);
    }

    /**
     * Reports the progress of an {@link Upload}: each time the operating system has accepted a part of the body, and
     * from the beginning with every attempt. The listener runs on the connection's event loop and must not block. An
     * exception that it throws goes to Reactor's {@code onErrorDropped} and does not stop the upload.
     */
    public ApiRequest<T> onUpload(Consumer<Progress> listener) {
        return with(copy -> copy.uploadProgress = listener);
    }

    private ApiRequest<T> body(Object body, @Nullable String contentType, @Nullable BodyFormat format) {
        return with(copy -> {
            copy.body = body;
            copy.contentType = contentType;
            copy.format = format;
        });
    }

    /** Decodes a success to this class. */
    public <R> ApiRequest<R> as(Class<R> type) {
        return as(Payload.json(type));
    }

    /** Decodes a success with this payload. Another payload drops the probe: set the probe afterwards. */
    public <R> ApiRequest<R> as(Payload<R> payload) {
        return new ApiRequest<>(spec.copy(payload));
    }

    /** Reads the elements of an array at the root while they arrive: {@code ApiClient.stream}. */
    public <R> ApiRequest<R> elements(Class<R> item) {
        return as(Payload.elements(item));
    }

    /**
     * Reads the elements of the array at a JSON pointer, such as {@code /items}, while they arrive:
     * {@code ApiClient.stream}.
     */
    public <R> ApiRequest<R> elementsAt(String pointer, Class<R> item) {
        return as(Payload.elementsAt(pointer, item));
    }

    /** Reads JSON values, one per line (NDJSON, JSON Lines), while they arrive: {@code ApiClient.stream}. */
    public <R> ApiRequest<R> lines(Class<R> item) {
        return as(Payload.lines(item));
    }

    /** Reads server-sent events: {@code ApiClient.stream}. */
    public ApiRequest<ServerSentEvent> events() {
        return as(Payload.events());
    }

    /** Sets the idempotency key, which every attempt carries where the vendor expects it. */
    public ApiRequest<T> idempotencyKey(IdempotencyKey key) {
        return with(copy -> copy.key = key);
    }

    /**
     * Requests a new effect: returns the same request with a newly generated idempotency key. The server does not take
     * it for an earlier one. However often the result is sent, it counts as one order.
     */
    public ApiRequest<T> withNewIdempotencyKey() {
        return idempotencyKey(IdempotencyKey.generated());
    }

    /**
     * Sets a probe that looks for the effect of an attempt that was interrupted with an unknown outcome. A finding
     * becomes the result of this request.
     */
    public ApiRequest<T> reconciledBy(Probe<T> probe) {
        return with(copy -> copy.probe = probe);
    }

    /** Marks a POST or PATCH that changes nothing, such as a query in POST form, as safe to send again. */
    public ApiRequest<T> idempotent() {
        return with(copy -> copy.marked = RetryClass.IDEMPOTENT);
    }

    /**
     * Marks a PUT or DELETE that is not safe to send again, such as one that writes back what was read before. It is
     * sent again only while it is certain that the server did not act.
     */
    public ApiRequest<T> unsafe() {
        return with(copy -> copy.marked = RetryClass.UNSAFE);
    }

    /** Sends no credential, for the public resources of an API. */
    public ApiRequest<T> anonymous() {
        return with(copy -> {
            copy.anonymous = true;
            copy.credential = null;
        });
    }

    /**
     * Sends this secret in place of the client's, in the form that the API expects. A token that it is exchanged for belongs
     * to it alone. Limits that the API counts by credential, and what it reports about them, are counted apart from those of
     * the client's own secret; limits by address, places and circuits are shared.
     *
     * @throws ApiException INVALID_REQUEST for a request to an {@linkplain #at address of its own}, which carries none
     */
    public ApiRequest<T> credential(Secret secret) {
        if (spec.address != null) {
            throw ApiException.invalidRequest(
                    "credential: given for an absolute address, which gets none (expected: a" + " path of the API)");
        }
        return with(copy -> {
            copy.credential = secret;
            copy.anonymous = false;
        });
    }

    /** Yields to requests without this mark where calls wait for quota or for a permit. */
    public ApiRequest<T> background() {
        return with(copy -> copy.background = true);
    }

    /**
     * Fails instead of waiting for a circuit or for retry budget: with {@link ErrorKind#CIRCUIT_OPEN}, or with the
     * error of the last attempt. Otherwise a call waits for them until its deadline. It still waits for quota and
     * between attempts.
     */
    public ApiRequest<T> failFast() {
        return with(copy -> copy.failFast = true);
    }

    /**
     * Sets the maximum number of attempts, including the first, in place of the client's; 1 switches retries off.
     *
     * @param most 1 to 100
     */
    public ApiRequest<T> maxAttempts(int most) {
        if (most < 1 || most > MOST_ATTEMPTS) {
            throw ApiException.invalidRequest("maxAttempts: " + most + " (expected: 1 to " + MOST_ATTEMPTS + ")");
        }
        return with(copy -> copy.maxAttempts = most);
    }

    /**
     * Sets the time of one attempt, without its waits, in place of the client's. It does not raise the deadline, and must not
     * be longer than that of the request.
     */
    public ApiRequest<T> attemptTimeout(Duration limit) {
        checkTime("attemptTimeout", limit, false);
        return with(copy -> copy.attemptTimeout = limit);
    }

    /**
     * Sets the maximum size of a decoded body, or of one element of a stream, in bytes, in place of the client's.
     *
     * @param bytes at least 1024
     */
    public ApiRequest<T> maxResponseBytes(int bytes) {
        if (bytes < LEAST_RESPONSE_BYTES) {
            throw ApiException.invalidRequest(
                    "maxResponseBytes: " + bytes + " (expected: >= " + LEAST_RESPONSE_BYTES + ")");
        }
        return with(copy -> copy.maxResponseBytes = bytes);
    }

    /**
     * Sets the longest time that an attempt may wait for its turn at the gate or at a circuit, and a retry for its budget; by
     * default the rest of the deadline. A wait that would take longer does not begin. The call then fails with
     * {@link ErrorKind#RATE_LIMITED} or {@link ErrorKind#CIRCUIT_OPEN}, or with the error of its last attempt. Waits between
     * attempts are no such waits.
     *
     * @param longest zero or more; zero for no wait at all
     */
    public ApiRequest<T> patience(Duration longest) {
        checkTime("patience", longest, true);
        return with(copy -> copy.patience = longest);
    }

    private static void checkTime(String option, Duration time, boolean mayBeZero) {
        boolean small = time.isNegative() || (time.isZero() && !mayBeZero);
        if (small || time.compareTo(LONGEST) > 0) {
            throw ApiException.invalidRequest(
                    option + ": " + time + " (expected: " + (mayBeZero ? "zero" : "more than zero")
                            + (small ? mayBeZero ? " or more)" : ")" : ", at most " + LONGEST.toDays() + " days)"));
        }
    }

    /**
     * Takes a 202 for "not ready yet" (RFC 9110 §15.3.3), as {@link #pendingWhile} does with {@link Pending#onStatus}.
     * {@code Polling.whileAccepted} polls until another success comes.
     */
    public ApiRequest<T> pendingWhileAccepted() {
        return pendingWhile(Pending.onStatus(202));
    }

    /**
     * Takes some responses for "not ready yet": successes without a value, whatever their status, whose body is not decoded as
     * what the request asks for. Only a request for any JSON gets it as its value. They are not retried.
     * {@code Polling.whilePending} polls until another success comes.
     */
    public ApiRequest<T> pendingWhile(Pending rule) {
        return with(copy -> copy.pending = rule);
    }

    /**
     * Sets how many units of a quota the request costs, in place of 1 or of what the API last told for the operation. Every
     * attempt takes them from declared limits, reported quotas and learned rates. 0 takes none, but waits like others while
     * the quota is held after a refusal. A request that costs more than there can ever be goes when everything is there.
     *
     * @param units 0 to 100 000
     */
    public ApiRequest<T> cost(int units) {
        if (units < 0 || units > MOST_UNITS) {
            throw ApiException.invalidRequest("cost: " + units + " (expected: 0 to " + MOST_UNITS + " units)");
        }
        return with(copy -> copy.cost = units);
    }

    /**
     * Names the quota that counts the request, for an API that counts by something that only the caller knows, such as a
     * project. Requests with one name share their waits, apart from all others; each of the declared limits that govern them
     * still counts them all. The name is not shown.
     *
     * @throws ApiException INVALID_REQUEST if the name is blank
     */
    public ApiRequest<T> countedBy(String quotaName) {
        if (quotaName.isBlank()) {
            throw ApiException.invalidRequest("countedBy: \"" + quotaName + "\" (expected: the name of a quota)");
        }
        return with(copy -> copy.quota = quotaName);
    }

    /**
     * Allows a GET to follow up to this many redirects (default 0): 301, 302, 303, 307 and 308. Within the origin, the
     * redirected request carries this request's headers and the credential. To another origin, which includes another
     * scheme or port of the same host, it carries neither, not even if later redirects lead back. From {@code https},
     * only {@code https} redirects are followed. A {@code Location} that cannot be followed, or one redirect too many,
     * fails with {@link ErrorKind#UNEXPECTED_STATUS}.
     */
    public ApiRequest<T> followRedirects(int most) {
        checkRedirects("followRedirects", most);
        if (spec.method != Method.GET) {
            throw ApiException.invalidRequest("followRedirects: " + spec.method + " (expected: a GET)");
        }
        return with(copy -> copy.redirects = most);
    }

    /**
     * Allows a request of any method to follow up to this many redirects that keep the method: 307 and 308 (RFC 9110
     * §15.4.8, §15.4.9), which mean that nothing was done. The redirected request keeps method and body. Within the
     * origin it is otherwise unchanged; to another origin it carries neither the credential, nor the idempotency key,
     * nor headers other than the content type. A body that can be read only once and has been read fails with
     * {@link ErrorKind#BODY_UNREADABLE}. A GET follows redirects as with {@link #followRedirects}.
     */
    public ApiRequest<T> followRedirectsWithBody(int most) {
        checkRedirects("followRedirectsWithBody", most);
        return with(copy -> copy.redirects = most);
    }

    private static void checkRedirects(String name, int most) {
        if (most < 0 || most > 10) {
            throw ApiException.invalidRequest(name + ": " + most + " (expected: 0 to 10)");
        }
    }

    /**
     * Sets the deadline for the call with all its attempts and waits, in place of the client's. For a stream, it is the
     * time to the last element; for events and for a download, the time of all their calls together; for a list and for
     * polling, the time of each call.
     */
    public ApiRequest<T> deadline(Duration total) {
        checkTime("deadline", total, false);
        return with(copy -> copy.deadline = total);
    }

    /** Returns the method. */
    public Method method() {
        return spec.method;
    }

    /** Returns the path as given, with its placeholders. */
    public String pathTemplate() {
        return spec.path;
    }

    /** Returns alternating names and values of the request's own headers. */
    public List<String> headers() {
        return spec.headers;
    }

    /** Returns the object to send, or null. */
    public @Nullable Object body() {
        return spec.body;
    }

    /** Returns the listener for the progress of an upload, or null. */
    public @Nullable Consumer<Progress> uploadProgress() {
        return spec.uploadProgress;
    }

    /**
     * Returns the media type of a body of bytes or an upload, or null if the body is an object.
     */
    public @Nullable String contentType() {
        return spec.contentType;
    }

    /** Returns the format of an object that is sent, or null for the API's. */
    public @Nullable BodyFormat bodyFormat() {
        return spec.format;
    }

    /** Returns the payload that a success is decoded with. */
    public Payload<T> payload() {
        return spec.payload;
    }

    /** Returns the idempotency key, or null. */
    public @Nullable IdempotencyKey key() {
        return spec.key;
    }

    /** Returns whether the request is sent without a credential. */
    public boolean isAnonymous() {
        return spec.anonymous;
    }

    /** Returns whether the request yields to foreground requests. */
    public boolean isBackground() {
        return spec.background;
    }

    /** Returns whether the request fails instead of waiting for a circuit or for retry budget. */
    public boolean isFailFast() {
        return spec.failFast;
    }

    /** Returns the responses that mean that the resource is not ready yet, or null if there are none. */
    public @Nullable Pending pending() {
        return spec.pending;
    }

    /** Returns how many units of a quota the request costs, or null if it does not say. */
    public @Nullable Integer cost() {
        return spec.cost;
    }

    /** Returns the name of the quota that counts the request, or null. */
    public @Nullable String quota() {
        return spec.quota;
    }

    /** Returns how many redirects the request may follow. */
    public int redirects() {
        return spec.redirects;
    }

    /** Returns the deadline, or null for the client's. */
    public @Nullable Duration deadline() {
        return spec.deadline;
    }

    /** Returns the maximum number of attempts, or null for the client's. */
    public @Nullable Integer maxAttempts() {
        return spec.maxAttempts;
    }

    /** Returns the time of one attempt, or null for the client's. */
    public @Nullable Duration attemptTimeout() {
        return spec.attemptTimeout;
    }

    /** Returns the maximum size of a decoded body in bytes, or null for the client's. */
    public @Nullable Integer maxResponseBytes() {
        return spec.maxResponseBytes;
    }

    /** Returns the longest wait for a turn, or null for the rest of the deadline. */
    public @Nullable Duration patience() {
        return spec.patience;
    }

    /** Returns the secret that is sent, or null for the client's. */
    public @Nullable Secret credential() {
        return spec.credential;
    }

    /** Returns the probe that looks for the request's effect, or null. */
    public @Nullable Probe<?> probe() {
        return spec.probe;
    }

    /**
     * Returns the effect of sending the request twice. A POST or PATCH with an {@code If-Match} that names entity tags is
     * idempotent: once it has been applied the tag has changed, and a repetition is rejected with 412 (RFC 9110
     * §13.1.1). The same holds for an {@code If-Unmodified-Since} that is at least a minute old: a date has a resolution
     * of one second, so a younger one may still be that of the resource after the change (RFC 9110 §8.8.2.2).
     */
    public RetryClass retryClass() {
        if (spec.marked != null) {
            return spec.marked;
        }
        return spec.method.idempotent() || Conditions.nameVersion(this)
                ? RetryClass.IDEMPOTENT
                : spec.key == null ? RetryClass.UNSAFE : RetryClass.KEYED;
    }

    /**
     * Returns the absolute URI below this base.
     *
     * @throws ApiException INVALID_REQUEST if a placeholder has no value, or a value has no placeholder; if an absolute
     *     address is http and the base is https, or comes with path values or query parameters
     */
    public URI resolve(URI base) {
        URI address = spec.address;
        if (address != null) {
            return absolute(base, address);
        }
        Resolved known = spec.target.resolved;
        if (known == null || !known.base.equals(base)) {
            String continued = spec.continued;
            URI uri = continued == null
                    ? RequestTarget.resolve(base, spec.path, spec.pathValues, spec.query)
                    : URI.create(Plan.origin(base) + continued);
            known = new Resolved(base, uri);
            spec.target.resolved = known;
        }
        return known.uri;
    }

    /** Returns the path if nothing else decides on the address of the request, or null. */
    @Nullable
    String plainPath() {
        return spec.address == null && spec.continued == null && spec.pathValues.isEmpty() && spec.query.isEmpty()
                ? spec.path
                : null;
    }

    /** Returns the last plan that was made of this request, if it may be reused. */
    Planning.@Nullable Kept kept() {
        return kept;
    }

    void keep(Planning.Kept plan) {
        kept = plan;
    }

    private URI absolute(URI base, URI address) {
        if ("https".equalsIgnoreCase(base.getScheme()) && !"https".equalsIgnoreCase(address.getScheme())) {
            throw ApiException.invalidRequest("address: http (expected: https, because the client's base URI is)");
        }
        if (!spec.pathValues.isEmpty() || !spec.query.isEmpty()) {
            throw ApiException.invalidRequest(
                    "address: given with path values or query parameters (expected: all of it in the address)");
        }
        return address;
    }

    /**
     * Returns the same request at another place of the API's origin: the next page of a list, as a server names it.
     * Method, headers, body and credential stay; path values and query parameters are replaced by the place's own.
     *
     * @param place the encoded path, from the root of the origin, and the query
     * @throws ApiException INVALID_REQUEST if it is none
     * @hidden
     */
    @Internal
    public ApiRequest<T> continuedAt(String place) {
        if (!isPlace(place)) {
            throw ApiException.invalidRequest("place of the next page: no encoded path from the root (expected: one)");
        }
        return with(copy -> {
            copy.continued = place;
            copy.pathValues = List.of();
            copy.query = List.of();
            copy.target = new Target();
        });
    }

    /**
     * Returns the request without those parameters in the place that it was {@linkplain #continuedAt continued} at. A server
     * may have copied a credential there.
     *
     * @hidden
     */
    @Internal
    public ApiRequest<T> withoutContinued(List<String> parameters) {
        String place = spec.continued;
        if (place == null || parameters.isEmpty()) {
            return this;
        }
        String kept = RawQuery.without(place, (name, value) -> parameters.contains(name));
        return kept.equals(place) ? this : continuedAt(kept);
    }

    private static boolean isPlace(String place) {
        try {
            URI parsed = new URI("http://origin" + place);
            return place.startsWith("/")
                    && parsed.getRawFragment() == null
                    && parsed.getRawAuthority().equals("origin");
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /**
     * Returns the place that the request was continued at, or null.
     *
     * @hidden
     */
    @Internal
    public @Nullable String continued() {
        return spec.continued;
    }

    /** Returns whether the request goes to an {@linkplain #at address of its own}. */
    boolean isElsewhere() {
        return spec.address != null;
    }

    /** Returns method and path template only: values, query, headers and body may be sensitive. */
    @Override
    public String toString() {
        return spec.method + " " + spec.path;
    }

    private static List<String> plus(List<String> list, String name, String value) {
        List<String> longer = new ArrayList<>(list.size() + 2);
        longer.addAll(list);
        longer.add(name);
        longer.add(value);
        return List.copyOf(longer);
    }
}
