package io.penstock;

import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.penstock.envelope.Payload;
import io.penstock.retry.IdempotencyKey;
import io.penstock.retry.RetryClass;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One request to an API: immutable, reusable, safe to share between threads. Every method gives a new request.
 *
 * <pre>{@code
 * ApiRequest<Scan> request = ApiRequest.get("scans/{id}").path("id", id).as(Scan.class);
 * }</pre>
 *
 * <p>The path is a reference as RFC 3986 §5.2 resolves it: {@code scans} stands below the base URI,
 * {@code /token-packs} at the root of its origin. Path values and query parameters are percent-encoded (RFC 3986 §2);
 * names, values and headers with line breaks or other control characters are refused at once, with an
 * {@link ApiException} of kind {@link ErrorKind#INVALID_REQUEST}.
 *
 * @param <T> what a success decodes to; a JSON tree unless {@link #as(Payload)} says otherwise
 */
public final class ApiRequest<T> {

    private static final Set<String> OWNED_BY_TRANSPORT = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "keep-alive",
            "proxy-connection",
            "upgrade",
            "te",
            "trailer",
            "expect",
            "accept-encoding");

    /** What a clock of nanoseconds can count. */
    static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private final Spec<T> spec;
    private volatile @Nullable Resolved resolved;

    private ApiRequest(Spec<T> spec) {
        this.spec = spec;
    }

    /** The last resolution: a request is usually sent to one base URI, many times. */
    private record Resolved(URI base, URI uri) {}

    private record Spec<T>(
            Method method,
            String path,
            List<String> pathValues,
            List<String> query,
            List<String> headers,
            @Nullable Object body,
            @Nullable String contentType,
            Payload<T> payload,
            @Nullable RetryClass marked,
            @Nullable IdempotencyKey key,
            boolean anonymous,
            int redirects,
            @Nullable Duration deadline) {

        Spec<T> withLists(List<String> newPathValues, List<String> newQuery, List<String> newHeaders) {
            return new Spec<>(
                    method,
                    path,
                    newPathValues,
                    newQuery,
                    newHeaders,
                    body,
                    contentType,
                    payload,
                    marked,
                    key,
                    anonymous,
                    redirects,
                    deadline);
        }

        Spec<T> withBody(@Nullable Object newBody, @Nullable String newContentType) {
            return new Spec<>(
                    method,
                    path,
                    pathValues,
                    query,
                    headers,
                    newBody,
                    newContentType,
                    payload,
                    marked,
                    key,
                    anonymous,
                    redirects,
                    deadline);
        }

        <R> Spec<R> withPayload(Payload<R> newPayload) {
            return new Spec<>(
                    method,
                    path,
                    pathValues,
                    query,
                    headers,
                    body,
                    contentType,
                    newPayload,
                    marked,
                    key,
                    anonymous,
                    redirects,
                    deadline);
        }

        Spec<T> withRules(
                @Nullable RetryClass newMarked,
                @Nullable IdempotencyKey newKey,
                boolean newAnonymous,
                int newRedirects,
                @Nullable Duration newDeadline) {
            return new Spec<>(
                    method,
                    path,
                    pathValues,
                    query,
                    headers,
                    body,
                    contentType,
                    payload,
                    newMarked,
                    newKey,
                    newAnonymous,
                    newRedirects,
                    newDeadline);
        }
    }

    /** A request with any method and path. */
    public static ApiRequest<JsonNode> of(Method method, String path) {
        RequestTarget.checkTemplate(path);
        return new ApiRequest<>(new Spec<>(
                method, path, List.of(), List.of(), List.of(), null, null, Payload.tree(), null, null, false, 0, null));
    }

    /** A GET. */
    public static ApiRequest<JsonNode> get(String path) {
        return of(Method.GET, path);
    }

    /** A POST. */
    public static ApiRequest<JsonNode> post(String path) {
        return of(Method.POST, path);
    }

    /** A PUT. */
    public static ApiRequest<JsonNode> put(String path) {
        return of(Method.PUT, path);
    }

    /** A PATCH. */
    public static ApiRequest<JsonNode> patch(String path) {
        return of(Method.PATCH, path);
    }

    /** A DELETE. */
    public static ApiRequest<JsonNode> delete(String path) {
        return of(Method.DELETE, path);
    }

    /** Fills {@code {name}} in the path with the percent-encoded value. */
    public ApiRequest<T> path(String name, Object value) {
        String text = value.toString();
        RequestTarget.checkValue(spec.path, name, text);
        return new ApiRequest<>(spec.withLists(plus(spec.pathValues, name, text), spec.query, spec.headers));
    }

    /** Adds a query parameter; a name may occur several times. A null value adds nothing. */
    public ApiRequest<T> query(String name, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        RequestTarget.checkText("query parameter " + RequestTarget.printable(name), name);
        RequestTarget.checkText("query parameter " + RequestTarget.printable(name), value.toString());
        return new ApiRequest<>(
                spec.withLists(spec.pathValues, plus(spec.query, name, value.toString()), spec.headers));
    }

    /** The same request with that query parameter in place of all of its name; added at the end if there is none. */
    public ApiRequest<T> withQuery(String name, Object value) {
        if (queryValue(name) == null) {
            return query(name, value);
        }
        RequestTarget.checkText("query parameter " + RequestTarget.printable(name), value.toString());
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
        return new ApiRequest<>(spec.withLists(spec.pathValues, List.copyOf(replaced), spec.headers));
    }

    /** The first value of that query parameter, or null. */
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
        checkHeader(name, value);
        return new ApiRequest<>(spec.withLists(spec.pathValues, spec.query, plus(spec.headers, name, value)));
    }

    /** Sends the object as JSON: a record, a map, a tree. It is encoded once per assembled call. */
    public ApiRequest<T> body(Object json) {
        return new ApiRequest<>(spec.withBody(json, null));
    }

    /** Sends these bytes as they are. The array must not change afterwards. */
    public ApiRequest<T> body(byte[] bytes, String contentType) {
        checkHeader("content-type", contentType);
        return new ApiRequest<>(spec.withBody(bytes, contentType));
    }

    /** Decodes a success to this class. */
    public <R> ApiRequest<R> as(Class<R> type) {
        return as(Payload.json(type));
    }

    /** Decodes a success in this way. */
    public <R> ApiRequest<R> as(Payload<R> payload) {
        return new ApiRequest<>(spec.withPayload(payload));
    }

    /** Gives the request an idempotency key, which every attempt carries where the vendor wants it. */
    public ApiRequest<T> idempotencyKey(IdempotencyKey key) {
        return new ApiRequest<>(spec.withRules(spec.marked, key, spec.anonymous, spec.redirects, spec.deadline));
    }

    /** Marks a POST or PATCH that changes nothing, such as a query in POST form, as safe to send again. */
    public ApiRequest<T> idempotent() {
        return new ApiRequest<>(
                spec.withRules(RetryClass.IDEMPOTENT, spec.key, spec.anonymous, spec.redirects, spec.deadline));
    }

    /**
     * Marks a PUT or DELETE that is not safe to send again, such as one that writes back what was read before: it is sent
     * again only while it is certain that the server did not act.
     */
    public ApiRequest<T> unsafe() {
        return new ApiRequest<>(
                spec.withRules(RetryClass.UNSAFE, spec.key, spec.anonymous, spec.redirects, spec.deadline));
    }

    /** Sends no credential, for the public resources of an API. */
    public ApiRequest<T> anonymous() {
        return new ApiRequest<>(spec.withRules(spec.marked, spec.key, true, spec.redirects, spec.deadline));
    }

    /**
     * Allows a GET to follow that many redirects (0 unless asked for). A redirect is followed with GET, without the
     * credential and without this request's own headers, wherever it points; from {@code https} only to {@code https}.
     */
    public ApiRequest<T> followRedirects(int most) {
        if (most < 0 || most > 10) {
            throw ApiException.invalidRequest("followRedirects: " + most + " (expected: 0 to 10)");
        }
        if (spec.method != Method.GET) {
            throw ApiException.invalidRequest("followRedirects: " + spec.method + " (expected: a GET)");
        }
        return new ApiRequest<>(spec.withRules(spec.marked, spec.key, spec.anonymous, most, spec.deadline));
    }

    /** The total time for the call with all its attempts and waits, in place of the client's. */
    public ApiRequest<T> deadline(Duration total) {
        if (total.isNegative() || total.isZero() || total.compareTo(LONGEST) > 0) {
            throw ApiException.invalidRequest("deadline: " + total + " (expected: more than zero"
                    + (total.isNegative() || total.isZero() ? ")" : ", at most " + LONGEST.toDays() + " days)"));
        }
        return new ApiRequest<>(spec.withRules(spec.marked, spec.key, spec.anonymous, spec.redirects, total));
    }

    /** The method. */
    public Method method() {
        return spec.method;
    }

    /** The path as given, with its placeholders. */
    public String pathTemplate() {
        return spec.path;
    }

    /** Alternating names and values of the request's own headers. */
    public List<String> headers() {
        return spec.headers;
    }

    /** The object to send, or null. */
    public @Nullable Object body() {
        return spec.body;
    }

    /** The media type of a body of bytes; null where the body is an object that is sent as JSON. */
    public @Nullable String contentType() {
        return spec.contentType;
    }

    /** What a success decodes to. */
    public Payload<T> payload() {
        return spec.payload;
    }

    /** The idempotency key, or null. */
    public @Nullable IdempotencyKey key() {
        return spec.key;
    }

    /** Whether it goes without a credential. */
    public boolean isAnonymous() {
        return spec.anonymous;
    }

    /** How many redirects it may follow. */
    public int redirects() {
        return spec.redirects;
    }

    /** The total time it may take, or null for the client's. */
    public @Nullable Duration deadline() {
        return spec.deadline;
    }

    /** What sending it twice would do. */
    public RetryClass retryClass() {
        if (spec.marked != null) {
            return spec.marked;
        }
        return spec.method.idempotent()
                ? RetryClass.IDEMPOTENT
                : spec.key == null ? RetryClass.UNSAFE : RetryClass.KEYED;
    }

    /**
     * The absolute URI below that base.
     *
     * @throws ApiException INVALID_REQUEST if a placeholder has no value, or a value has no placeholder
     */
    public URI resolve(URI base) {
        Resolved known = resolved;
        if (known == null || !known.base.equals(base)) {
            known = new Resolved(base, RequestTarget.resolve(base, spec.path, spec.pathValues, spec.query));
            resolved = known;
        }
        return known.uri;
    }

    /** Method and path template: values, query, headers and body may hold what nobody should log. */
    @Override
    public String toString() {
        return spec.method + " " + spec.path;
    }

    /** Checks a header that the caller or an operator wants to send. */
    public static void checkHeader(String name, String value) {
        int badName = name.isEmpty() ? 0 : HttpHeaderValidationUtil.validateToken(name);
        if (badName >= 0) {
            throw ApiException.invalidRequest("header name " + RequestTarget.printable(name) + ": "
                    + (name.isEmpty() ? "empty" : "character " + (badName + 1) + " is not allowed")
                    + " (expected: a token as in RFC 9110 §5.6.2)");
        }
        if (OWNED_BY_TRANSPORT.contains(name.toLowerCase(Locale.ROOT))) {
            throw ApiException.invalidRequest(
                    "header " + name + ": set by the transport itself (expected: any other header)");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7f || c > 0xff) {
                throw ApiException.invalidRequest("header " + name + ": character " + (i + 1) + " of its value is "
                        + String.format(Locale.ROOT, "U+%04X", (int) c)
                        + " (expected: visible characters, spaces and tabs, RFC 9110 §5.5)");
            }
        }
    }

    private static List<String> plus(List<String> list, String name, String value) {
        List<String> longer = new ArrayList<>(list.size() + 2);
        longer.addAll(list);
        longer.add(name);
        longer.add(value);
        return List.copyOf(longer);
    }
}
