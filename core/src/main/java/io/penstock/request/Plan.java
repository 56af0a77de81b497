package io.penstock.request;

import io.penstock.annotation.Internal;
import io.penstock.body.JsonCodec;
import io.penstock.body.Payload;
import io.penstock.http.Method;
import io.penstock.upload.RequestBody;
import io.penstock.upload.UploadBody;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request of an assembled call, fixed once. Every attempt, and every subscription to the same {@code Mono}, sends
 * exactly this. Files are an exception, see {@link #anew}.
 */
public final class Plan {

    private final Method method;
    private final URI uri;
    private final List<String> headers;
    private final @Nullable RequestBody body;
    private final Payload<?> payload;
    private final RetryClass retryClass;
    private final @Nullable IdempotencyKey key;
    private final @Nullable KeyLife keyLife;
    private final @Nullable Probe<?> probe;
    private final boolean anonymous;
    private final boolean elsewhere;
    private final boolean background;
    private final int redirects;
    private final long timeoutNanos;
    private final String operation;
    private final boolean patient;
    private final boolean failFast;
    private final ApiRequest.@Nullable Pending pending;
    private final int cost;
    private final @Nullable String quota;
    private final CallSettings settings;

    /** Creates the plan of a request, with what the planner of its client adds to it. */
    Plan(ApiRequest<?> request, URI uri, List<String> headers, @Nullable RequestBody body, Planning planning) {
        this.method = request.method();
        this.uri = uri;
        this.headers = headers;
        this.body = body;
        this.payload = request.payload();
        this.retryClass = request.retryClass();
        this.key = request.key();
        this.keyLife = key == null ? null : planning.keyLife();
        this.probe = request.probe();
        this.anonymous = request.isAnonymous();
        this.elsewhere = request.isElsewhere();
        this.background = request.isBackground();
        this.redirects = request.redirects();
        this.timeoutNanos = planning.timeoutNanos(request);
        this.operation = request.toString();
        this.patient = planning.isPatient(request);
        this.failFast = request.isFailFast();
        this.pending = request.pending();
        Integer units = request.cost();
        this.cost = units == null ? -1 : units;
        this.quota = request.quota();
        this.settings = CallSettings.of(request);
    }

    /**
     * Returns the plan of a request without a client, for tests of an operator. The deadline is the request's, or 60 s;
     * the API supports no idempotency key.
     */
    public static Plan of(ApiRequest<?> request, URI baseUri) {
        Planning.Defaults defaults = Planning.Defaults.within(Duration.ofSeconds(60));
        return new Planning(baseUri, new JsonCodec(1 << 20), null, "no API", defaults).plan(request);
    }

    /**
     * Creates a copy of a plan.
     *
     * @param elsewhere whether it goes to another origin, which gets no credential and recognises no idempotency key
     */
    private Plan(
            Plan plan,
            Method method,
            URI uri,
            List<String> headers,
            @Nullable RequestBody body,
            int redirects,
            boolean elsewhere) {
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.body = body;
        this.payload = plan.payload;
        this.retryClass = elsewhere ? plan.retryClassElsewhere(method) : plan.retryClass;
        this.key = elsewhere ? null : plan.key;
        this.keyLife = elsewhere ? null : plan.keyLife;
        this.probe = elsewhere ? null : plan.probe;
        this.anonymous = elsewhere || plan.anonymous;
        this.elsewhere = elsewhere || plan.elsewhere;
        this.background = plan.background;
        this.redirects = redirects;
        this.timeoutNanos = plan.timeoutNanos;
        this.operation = plan.operation;
        this.patient = plan.patient;
        this.failFast = plan.failFast;
        this.pending = plan.pending;
        this.cost = plan.cost;
        this.quota = plan.quota;
        this.settings = plan.settings;
    }

    /** Returns the method. */
    public Method method() {
        return method;
    }

    /** Returns the absolute, encoded URI. */
    public URI uri() {
        return uri;
    }

    /** Returns alternating names and values, checked. */
    public List<String> headers() {
        return headers;
    }

    /** Returns the encoded body, or null. */
    public @Nullable RequestBody body() {
        return body;
    }

    /** Returns the payload that a success is decoded with. */
    public Payload<?> payload() {
        return payload;
    }

    /** Returns the effect of sending the request twice. */
    public RetryClass retryClass() {
        return retryClass;
    }

    /** Returns the idempotency key, already in its place in {@code headers} or {@code body}, or null. */
    public @Nullable IdempotencyKey key() {
        return key;
    }

    /** Returns the lifetime of the key, or null if it does not end. */
    public @Nullable KeyLife keyLife() {
        return keyLife;
    }

    /** Returns the probe for the effect of an interrupted attempt, or null. */
    public @Nullable Probe<?> probe() {
        return probe;
    }

    /**
     * Returns whether the request goes to an address that a server has named, or the caller: of a file, or of a redirect to
     * another origin. It carries nothing that is meant for the API only.
     */
    public boolean elsewhere() {
        return elsewhere;
    }

    /** Returns whether the request is sent without a credential. */
    public boolean anonymous() {
        return anonymous;
    }

    /** Returns whether the request yields to foreground requests where calls wait. */
    public boolean background() {
        return background;
    }

    /** Returns how many redirects may be followed. */
    public int redirects() {
        return redirects;
    }

    /** Returns the deadline of the call, in nanoseconds. */
    public long timeoutNanos() {
        return timeoutNanos;
    }

    /** Returns method and path template, the same for all calls of one operation. */
    public String operation() {
        return operation;
    }

    /** Returns the path template, the same for all calls of one operation. */
    public String template() {
        return operation.substring(operation.indexOf(' ') + 1);
    }

    /**
     * Returns whether the deadline is only the default. Then the time that a published limit holds the call back does not
     * count towards it, because that time only depends on the number of calls.
     */
    public boolean patient() {
        return patient;
    }

    /** Returns whether the call fails instead of waiting for a circuit or for retry budget. */
    public boolean failFast() {
        return failFast;
    }

    /** Returns the responses that mean that the resource is not ready yet, or null if there are none. */
    public ApiRequest.@Nullable Pending pending() {
        return pending;
    }

    /** Returns how many units of a quota the request costs, or -1 if it does not say. */
    public int cost() {
        return cost;
    }

    /** Returns the name of the quota that counts the request, or null if it names none. */
    public @Nullable String quota() {
        return quota;
    }

    /**
     * Returns the settings of the request that replace those of its client.
     *
     * @hidden
     */
    @Internal
    public CallSettings settings() {
        return settings;
    }

    /** Returns the path as sent, without the query, which may be sensitive. */
    public String target() {
        String path = uri.getRawPath();
        return path.isEmpty() ? "/" : path;
    }

    /** Returns scheme, host and port. */
    public String origin() {
        return origin(uri);
    }

    /** Returns scheme, host and port of a URI, as RFC 6454 §4 defines an origin. */
    public static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    /**
     * Returns whether two URIs have the same origin. The default port of the scheme may be given or left out. Allocates
     * no strings unless the authorities differ.
     */
    public static boolean sameOrigin(URI one, URI other) {
        String scheme = one.getScheme();
        String authority = one.getRawAuthority();
        if (authority.equals(other.getRawAuthority()) && scheme.equals(other.getScheme())) {
            return true; // the usual case, and a fraction of a comparison that ignores case
        }
        if (!scheme.equalsIgnoreCase(other.getScheme())) {
            return false;
        }
        return authority.equalsIgnoreCase(other.getRawAuthority())
                || withoutUsualPort(scheme, authority)
                        .equalsIgnoreCase(withoutUsualPort(scheme, other.getRawAuthority()));
    }

    private static String withoutUsualPort(String scheme, String authority) {
        String usual = scheme.equalsIgnoreCase("https") ? ":443" : ":80";
        int end = authority.endsWith(usual)
                ? authority.length() - usual.length()
                : authority.endsWith(":") ? authority.length() - 1 : authority.length();
        return authority.substring(0, end);
    }

    /** Returns whether the status is that of a redirect: 301, 302, 303, 307, 308 (RFC 9110 §15.4). */
    public static boolean isRedirect(int status) {
        return (status >= 301 && status <= 303) || keepsMethod(status);
    }

    /** Returns whether a redirect must not change the method: 307 and 308 (RFC 9110 §15.4.8, §15.4.9). */
    private static boolean keepsMethod(int status) {
        return status == 307 || status == 308;
    }

    /**
     * Returns whether a response with this status is followed. Methods other than GET follow only redirects that keep
     * the method, which mean that nothing was done.
     */
    public boolean follows(int status) {
        return redirects > 0 && (method == Method.GET ? isRedirect(status) : keepsMethod(status));
    }

    /**
     * Returns the plan for one more subscription: the same, except that files are sent in their current state. With an
     * idempotency key the body stays the same, because the key stands for the body that it was first sent with.
     */
    public Plan anew() {
        UploadBody next = key == null && body instanceof UploadBody upload ? upload.anew() : null;
        if (next == null || next == body) {
            return this;
        }
        return new Plan(this, method, uri, headers, next, redirects, false);
    }

    /**
     * Returns the GET that follows a redirect to another origin: without credential, without body, and without the
     * headers of the first request except for a range.
     */
    public Plan redirectedTo(URI location) {
        return new Plan(this, Method.GET, location, headersOfRedirect(), null, redirects - 1, true);
    }

    /**
     * Returns the request that follows a redirect within the origin: the same, but without its body after a 303.
     *
     * @param status the status of the redirect
     * @hidden
     */
    @Internal
    public Plan movedTo(URI location, int status) {
        boolean bodiless = status == 303 && body != null;
        List<String> sent = bodiless ? withoutContent(headers) : headers;
        return new Plan(this, method, location, sent, bodiless ? null : body, redirects - 1, false);
    }

    /**
     * Returns the request that follows a redirect to another origin, without the credential and the headers of the
     * first: a GET, or the same method and body for a redirect that keeps them. A server other than the vendor's
     * recognises no idempotency key.
     *
     * @param status the status of the redirect
     * @hidden
     */
    @Internal
    public Plan sentElsewhere(URI location, int status) {
        Plan get = redirectedTo(location);
        if (method == Method.GET || !keepsMethod(status)) {
            return get;
        }
        List<String> kept = new ArrayList<>(get.headers);
        for (int i = 0; i < headers.size() && body != null; i += 2) {
            if (isContent(headers.get(i))) {
                kept.add(headers.get(i));
                kept.add(headers.get(i + 1));
            }
        }
        return new Plan(this, method, location, List.copyOf(kept), body, redirects - 1, true);
    }

    /** Returns the effect of sending it twice to an origin that recognises no key. */
    private RetryClass retryClassElsewhere(Method sent) {
        if (sent == Method.GET) {
            return RetryClass.IDEMPOTENT;
        }
        return retryClass == RetryClass.KEYED ? RetryClass.UNSAFE : retryClass;
    }

    private static List<String> withoutContent(List<String> headers) {
        List<String> kept = new ArrayList<>(headers.size());
        for (int i = 0; i < headers.size(); i += 2) {
            if (!isContent(headers.get(i))) {
                kept.add(headers.get(i));
                kept.add(headers.get(i + 1));
            }
        }
        return List.copyOf(kept);
    }

    private static boolean isContent(String header) {
        return header.equalsIgnoreCase("content-type") || header.equalsIgnoreCase("content-encoding");
    }

    /** Keeps the headers that select a range and its version: they apply wherever the whole resource is. */
    private List<String> headersOfRedirect() {
        List<String> kept = new ArrayList<>(List.of("accept", payload.accept()));
        for (int i = 0; i < headers.size(); i += 2) {
            String name = headers.get(i);
            if (name.equalsIgnoreCase("range") || name.equalsIgnoreCase("if-range")) {
                kept.add(name);
                kept.add(headers.get(i + 1));
            }
        }
        return List.copyOf(kept);
    }

    @Override
    public String toString() {
        return method + " " + target();
    }
}
