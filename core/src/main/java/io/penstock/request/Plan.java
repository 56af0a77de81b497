package io.penstock.request;

import io.penstock.annotation.Internal;
import io.penstock.body.Payload;
import io.penstock.http.Method;
import io.penstock.upload.RequestBody;
import io.penstock.upload.UploadBody;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request of an assembled call, fixed once. Every attempt, and every subscription to the same {@code Mono}, sends
 * exactly this. Files are an exception, see {@link #anew}.
 *
 * @param method the method
 * @param uri the absolute, encoded URI
 * @param headers alternating names and values, checked
 * @param body the encoded body, or null
 * @param payload the payload that a success is decoded with
 * @param retryClass the effect of sending the request twice
 * @param key the idempotency key, already in its place in {@code headers} or {@code body}, or null
 * @param keyLife the lifetime of the key, or null if it does not end
 * @param probe the probe for the effect of an interrupted attempt, or null
 * @param anonymous whether the request is sent without a credential
 * @param background whether the request yields to foreground requests where calls wait
 * @param redirects how many redirects may be followed
 * @param timeoutNanos the deadline of the call, in nanoseconds
 * @param operation method and path template, the same for all calls of one operation
 * @param patient whether the deadline is only the default. Then the time that a published limit holds the call back
 *     does not count towards it, because that time only depends on the number of calls
 * @param failFast whether the call fails instead of waiting for a circuit or for retry budget
 */
public record Plan(
        Method method,
        URI uri,
        List<String> headers,
        @Nullable RequestBody body,
        Payload<?> payload,
        RetryClass retryClass,
        @Nullable IdempotencyKey key,
        @Nullable KeyLife keyLife,
        @Nullable Probe<?> probe,
        boolean anonymous,
        boolean background,
        int redirects,
        long timeoutNanos,
        String operation,
        boolean patient,
        boolean failFast) {

    /** Creates a plan whose deadline applies to every wait, and which does not fail fast. */
    public Plan(
            Method method,
            URI uri,
            List<String> headers,
            @Nullable RequestBody body,
            Payload<?> payload,
            RetryClass retryClass,
            @Nullable IdempotencyKey key,
            @Nullable KeyLife keyLife,
            @Nullable Probe<?> probe,
            boolean anonymous,
            boolean background,
            int redirects,
            long timeoutNanos,
            String operation) {
        this(
                method,
                uri,
                headers,
                body,
                payload,
                retryClass,
                key,
                keyLife,
                probe,
                anonymous,
                background,
                redirects,
                timeoutNanos,
                operation,
                false,
                false);
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
        if (!scheme.equalsIgnoreCase(other.getScheme())) {
            return false;
        }
        String authority = one.getRawAuthority();
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
        return new Plan(
                method,
                uri,
                headers,
                next,
                payload,
                retryClass,
                null,
                keyLife,
                probe,
                anonymous,
                background,
                redirects,
                timeoutNanos,
                operation,
                patient,
                failFast);
    }

    /**
     * Returns the GET that follows a redirect to another origin: without credential, without body, and without the
     * headers of the first request except for a range.
     */
    public Plan redirectedTo(URI location) {
        return new Plan(
                Method.GET,
                location,
                headersOfRedirect(),
                null,
                payload,
                RetryClass.IDEMPOTENT,
                null,
                null,
                null,
                true,
                background,
                redirects - 1,
                timeoutNanos,
                operation,
                patient,
                failFast);
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
        return new Plan(
                method,
                location,
                bodiless ? withoutContent(headers) : headers,
                bodiless ? null : body,
                payload,
                retryClass,
                key,
                keyLife,
                probe,
                anonymous,
                background,
                redirects - 1,
                timeoutNanos,
                operation,
                patient,
                failFast);
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
        return new Plan(
                method,
                location,
                List.copyOf(kept),
                body,
                payload,
                retryClass == RetryClass.KEYED ? RetryClass.UNSAFE : retryClass,
                null,
                null,
                null,
                true,
                background,
                redirects - 1,
                timeoutNanos,
                operation,
                patient,
                failFast);
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
