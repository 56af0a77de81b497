package io.penstock.request;

import io.penstock.ApiClient;
import io.penstock.annotation.Internal;
import io.penstock.body.Payload;
import io.penstock.body.ServerSentEvent;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.Progress;
import io.penstock.http.RequestTarget;
import io.penstock.upload.Upload;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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

    /** What a clock of nanoseconds can count. */
    @Internal
    public static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private final Spec<T> spec;
    private volatile @Nullable Resolved resolved;
    private volatile Planning.@Nullable Kept kept;

    private ApiRequest(Spec<T> spec) {
        this.spec = spec;
    }

    /** The last resolution: a request is usually sent to one base URI, many times. */
    private record Resolved(URI base, URI uri) {}

    /** All that a request is made of. Filled by one method of one thread, then handed to a request and never changed. */
    private static final class Spec<T> {
        final Method method;
        final String path;
        final Payload<T> payload;
        List<String> pathValues = List.of();
        List<String> query = List.of();
        List<String> headers = List.of();

        @Nullable
        Object body;

        @Nullable
        String contentType;

        @Nullable
        IdempotencyKey key;

        @Nullable
        Duration deadline;

        @Nullable
        RetryClass marked;

        @Nullable
        Probe<?> probe;

        @Nullable
        Consumer<Progress> uploadProgress;

        @Nullable
        URI address;

        boolean anonymous;
        boolean background;
        boolean failFast;
        int redirects;

        Spec(Method method, String path, Payload<T> payload) {
            this.method = method;
            this.path = path;
            this.payload = payload;
        }

        <R> Spec<R> copy(Payload<R> newPayload) {
            Spec<R> copy = new Spec<>(method, path, newPayload);
            copy.pathValues = pathValues;
            copy.query = query;
            copy.headers = headers;
            copy.body = body;
            copy.contentType = contentType;
            copy.key = key;
            copy.deadline = deadline;
            copy.marked = marked;
            copy.probe = newPayload == payload ? probe : null;
            copy.uploadProgress = uploadProgress;
            copy.address = address;
            copy.anonymous = anonymous;
            copy.background = background;
            copy.failFast = failFast;
            copy.redirects = redirects;
            return copy;
        }
    }

    private ApiRequest<T> with(Consumer<Spec<T>> change) {
        Spec<T> copy = spec.copy(spec.payload);
        change.accept(copy);
        return new ApiRequest<>(copy);
    }

    /**
     * A GET of an absolute URI, such as one that an API has answered with. Wherever it points it carries no credential and
     * none of the client's own headers, and its query, which may be a signature, is shown nowhere. A client whose base URI
     * is {@code https} asks by {@code https} only.
     */
    public static ApiRequest<JsonNode> at(URI address) {
        String scheme = address.getScheme();
        boolean http = "https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme);
        if (!http || address.getHost() == null || address.getRawUserInfo() != null) {
            throw ApiException.invalidRequest("address: " + (http ? scheme : "no http") + "…"
                    + " (expected: an absolute http or https URI with a host and without a user)");
        }
        ApiRequest<JsonNode> request = new ApiRequest<>(new Spec<>(Method.GET, "{address}", Payload.tree()));
        return request.with(copy -> {
            copy.address = address;
            copy.anonymous = true;
        });
    }

    /** A request with any method and path. */
    public static ApiRequest<JsonNode> of(Method method, String path) {
        RequestTarget.checkTemplate(path);
        return new ApiRequest<>(new Spec<>(method, path, Payload.tree()));
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
        return with(copy -> copy.pathValues = plus(spec.pathValues, name, text));
    }

    /** Adds a query parameter; a name may occur several times. A null value adds nothing. */
    public ApiRequest<T> query(String name, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        RequestTarget.checkText("query parameter " + RequestTarget.printable(name), name);
        RequestTarget.checkText("query parameter " + RequestTarget.printable(name), value.toString());
        return with(copy -> copy.query = plus(spec.query, name, value.toString()));
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
        return with(copy -> copy.query = List.copyOf(replaced));
    }

    /** The same request without that query parameter. */
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
        Headers.checkSendable(name, value);
        return with(copy -> copy.headers = plus(spec.headers, name, value));
    }

    /** The same request with that header in place of all of its name. */
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

    /** The first value of the request's own header of that name, or null. */
    public @Nullable String headerValue(String name) {
        for (int i = 0; i < spec.headers.size(); i += 2) {
            if (spec.headers.get(i).equalsIgnoreCase(name)) {
                return spec.headers.get(i + 1);
            }
        }
        return null;
    }

    /** Sends the object as JSON: a record, a map, a tree. It is encoded once per assembled call. */
    public ApiRequest<T> body(Object json) {
        return body(json, null);
    }

    /** Sends these bytes as they are. The array must not change afterwards. */
    public ApiRequest<T> body(byte[] bytes, String contentType) {
        Headers.checkSendable("content-type", contentType);
        return body((Object) bytes, contentType);
    }

    /** Sends what is read while it is sent: files, or a stream. For POST, PUT and PATCH. */
    public ApiRequest<T> body(Upload upload) {
        return body(upload, upload.contentType());
    }

    /**
     * Tells how far an {@link Upload} has got: each time the operating system has taken a part of the body from the client,
     * and with every attempt from the beginning. The listener runs on the connection's event loop and must not block; what
     * it throws goes to Reactor's {@code onErrorDropped} and does not stop the upload.
     */
    public ApiRequest<T> onUpload(Consumer<Progress> listener) {
        return with(copy -> copy.uploadProgress = listener);
    }

    private ApiRequest<T> body(Object body, @Nullable String contentType) {
        return with(copy -> {
            copy.body = body;
            copy.contentType = contentType;
        });
    }

    /** Decodes a success to this class. */
    public <R> ApiRequest<R> as(Class<R> type) {
        return as(Payload.json(type));
    }

    /** Decodes a success in this way. A probe finds another type: give it after this. */
    public <R> ApiRequest<R> as(Payload<R> payload) {
        return new ApiRequest<>(spec.copy(payload));
    }

    /** Reads the elements of an array at the root while they arrive: {@link ApiClient#stream}. */
    public <R> ApiRequest<R> elements(Class<R> item) {
        return as(Payload.elements(item));
    }

    /** Reads the elements of the array at a JSON pointer, such as {@code /items}: {@link ApiClient#stream}. */
    public <R> ApiRequest<R> elementsAt(String pointer, Class<R> item) {
        return as(Payload.elementsAt(pointer, item));
    }

    /** Reads JSON values, one a line (NDJSON, JSON Lines), while they arrive: {@link ApiClient#stream}. */
    public <R> ApiRequest<R> lines(Class<R> item) {
        return as(Payload.lines(item));
    }

    /** Reads server-sent events: {@link ApiClient#stream}. */
    public ApiRequest<ServerSentEvent> events() {
        return as(Payload.events());
    }

    /** Gives the request an idempotency key, which every attempt carries where the vendor wants it. */
    public ApiRequest<T> idempotencyKey(IdempotencyKey key) {
        return with(copy -> copy.key = key);
    }

    /**
     * Asks for a new effect: the same request under a newly generated idempotency key. Whatever is sent of the result, once
     * or again, is one order; the server does not take it for an earlier one.
     */
    public ApiRequest<T> fresh() {
        return idempotencyKey(IdempotencyKey.generated());
    }

    /** Looks whether it was done, where an attempt breaks off and nobody can tell. Its findings are this request's result. */
    public ApiRequest<T> reconciledBy(Probe<T> probe) {
        return with(copy -> copy.probe = probe);
    }

    /** Marks a POST or PATCH that changes nothing, such as a query in POST form, as safe to send again. */
    public ApiRequest<T> idempotent() {
        return with(copy -> copy.marked = RetryClass.IDEMPOTENT);
    }

    /**
     * Marks a PUT or DELETE that is not safe to send again, such as one that writes back what was read before: it is sent
     * again only while it is certain that the server did not act.
     */
    public ApiRequest<T> unsafe() {
        return with(copy -> copy.marked = RetryClass.UNSAFE);
    }

    /** Sends no credential, for the public resources of an API. */
    public ApiRequest<T> anonymous() {
        return with(copy -> copy.anonymous = true);
    }

    /** Stands back behind requests that are not marked so, where calls wait for quota or for a place. */
    public ApiRequest<T> background() {
        return with(copy -> copy.background = true);
    }

    /**
     * Fails with {@link ErrorKind#CIRCUIT_OPEN}, or with the error of its last attempt, where it would have to wait for a circuit
     * or for retry budget. Otherwise it waits until its deadline. It still waits for quota and between attempts.
     */
    public ApiRequest<T> failFast() {
        return with(copy -> copy.failFast = true);
    }

    /**
     * Allows a GET to follow that many redirects (0 unless asked for): 301, 302, 303, 307 and 308. Within the origin it
     * carries this request's headers and the credential. To another origin, which another scheme or port makes of a host, it
     * carries neither, nor on any way back; from {@code https} it leads only to {@code https}. A {@code Location} that cannot
     * be followed, and a redirect too many, is an {@link ErrorKind#UNEXPECTED_STATUS}.
     */
    public ApiRequest<T> followRedirects(int most) {
        checkRedirects("followRedirects", most);
        if (spec.method != Method.GET) {
            throw ApiException.invalidRequest("followRedirects: " + spec.method + " (expected: a GET)");
        }
        return with(copy -> copy.redirects = most);
    }

    /**
     * Allows a request of any method to follow that many redirects that keep it: 307 and 308 (RFC 9110 §15.4.8, §15.4.9), after
     * which nothing was done. It goes on with method and body, within the origin as it is; to another origin it carries
     * neither credential, idempotency key nor headers but the content type. A body that can be read only once, and has been,
     * is {@link ErrorKind#BODY_UNREADABLE}. A GET follows as with {@link #followRedirects}.
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
     * The total time for the call with all its attempts and waits, in place of the client's. Of a stream it is the time to the
     * last element, of events and of a download that of all calls together; of a list and of a polling that of each call.
     */
    public ApiRequest<T> deadline(Duration total) {
        if (total.isNegative() || total.isZero() || total.compareTo(LONGEST) > 0) {
            throw ApiException.invalidRequest("deadline: " + total + " (expected: more than zero"
                    + (total.isNegative() || total.isZero() ? ")" : ", at most " + LONGEST.toDays() + " days)"));
        }
        return with(copy -> copy.deadline = total);
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

    /** Who wants to hear how far an upload has got, or null. */
    public @Nullable Consumer<Progress> uploadProgress() {
        return spec.uploadProgress;
    }

    /** The media type of a body of bytes or an upload; null where the body is an object that is sent as JSON. */
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

    /** Whether it stands back behind others. */
    public boolean isBackground() {
        return spec.background;
    }

    /** Whether it fails where it would have to wait for a circuit or for retry budget. */
    public boolean isFailFast() {
        return spec.failFast;
    }

    /** How many redirects it may follow. */
    public int redirects() {
        return spec.redirects;
    }

    /** The total time it may take, or null for the client's. */
    public @Nullable Duration deadline() {
        return spec.deadline;
    }

    /** How to find out whether it was done, or null. */
    public @Nullable Probe<?> probe() {
        return spec.probe;
    }

    /**
     * What sending it twice would do. A PATCH with an {@code If-Match} that names entity tags is idempotent: once it has
     * been applied the tag is another one, and a repetition is refused with 412 (RFC 9110 §13.1.1).
     */
    public RetryClass retryClass() {
        if (spec.marked != null) {
            return spec.marked;
        }
        return spec.method.idempotent() || (spec.method == Method.PATCH && namesEntityTags())
                ? RetryClass.IDEMPOTENT
                : spec.key == null ? RetryClass.UNSAFE : RetryClass.KEYED;
    }

    private boolean namesEntityTags() {
        for (int i = 0; i < spec.headers.size(); i += 2) {
            if (spec.headers.get(i).equalsIgnoreCase("if-match")) {
                return !spec.headers.get(i + 1).strip().equals("*");
            }
        }
        return false;
    }

    /**
     * The absolute URI below that base.
     *
     * @throws ApiException INVALID_REQUEST if a placeholder has no value, or a value has no placeholder; if an address is
     *     http, and the base is https
     */
    public URI resolve(URI base) {
        URI address = spec.address;
        if (address != null) {
            return absolute(base, address);
        }
        Resolved known = resolved;
        if (known == null || !known.base.equals(base)) {
            known = new Resolved(base, RequestTarget.resolve(base, spec.path, spec.pathValues, spec.query));
            resolved = known;
        }
        return known.uri;
    }

    /** The last plan that was made of it, if it may be used again. */
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

    /** Whether it goes to an {@linkplain #at address of its own}. */
    boolean isElsewhere() {
        return spec.address != null;
    }

    /** Method and path template: values, query, headers and body may hold what nobody should log. */
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
