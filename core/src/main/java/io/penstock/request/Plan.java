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
 * What an assembled call sends, decided once: every attempt, and every subscription to the same {@code Mono}, sends
 * exactly this; but files, see {@link #anew}.
 *
 * @param method the method
 * @param uri the absolute, encoded URI
 * @param headers alternating names and values, checked
 * @param body the encoded body, or null
 * @param payload what a success decodes to
 * @param retryClass what sending it twice would do
 * @param key the idempotency key, already in its place in {@code headers} or {@code body}
 * @param keyLife how long the key holds, or null where it does not end
 * @param probe how to find out whether an attempt that broke off had an effect, or null
 * @param anonymous whether it goes without a credential
 * @param background whether it stands back behind others where calls wait
 * @param redirects how many redirects may be followed
 * @param timeoutNanos the total time
 * @param operation method and path template, the same for all calls of one operation
 * @param patient whether nobody has said how long it may take: then the time in which a published limit holds it back does not
 *     count, because it only says how many calls there are
 * @param failFast whether it ends with an error where it would have to wait for a circuit or for retry budget
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

    /** A plan whose total time holds whatever it waits for. */
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

    /** The path as it goes over the wire, without the query, which may hold what nobody should log. */
    public String target() {
        String path = uri.getRawPath();
        return path.isEmpty() ? "/" : path;
    }

    /** Scheme, host and port. */
    public String origin() {
        return origin(uri);
    }

    /** Scheme, host and port of a URI, as RFC 6454 §4 defines an origin. */
    public static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    /**
     * Whether two URIs have one origin; compared without making a text of either, unless they differ. The scheme's own port
     * may be named or not.
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

    /** Whether the status is that of a redirect: 301, 302, 303, 307, 308 (RFC 9110 §15.4). */
    public static boolean isRedirect(int status) {
        return (status >= 301 && status <= 303) || keepsMethod(status);
    }

    /** 307 and 308: the method must not change (RFC 9110 §15.4.8, §15.4.9). */
    private static boolean keepsMethod(int status) {
        return status == 307 || status == 308;
    }

    /**
     * Whether an answer with that status is followed. What is no GET follows only where nothing was done, and goes on
     * as it is.
     */
    public boolean follows(int status) {
        return redirects > 0 && (method == Method.GET ? isRedirect(status) : keepsMethod(status));
    }

    /**
     * The plan for one more subscription: the same, but that files are sent as they are by then. Not so with an idempotency key,
     * which stands for the body it was first sent with.
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

    /** The GET that follows a redirect elsewhere: no credential, no headers of the first request but for a range, no body. */
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
     * The request that follows a redirect within the origin: the same, but after a 303 without its body.
     *
     * @param status that of the redirect
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
     * The request that follows a redirect to another origin, without credential and without the headers of the first: a GET,
     * or what else a redirect keeps. A server that is not the vendor's recognises no idempotency key.
     *
     * @param status that of the redirect
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

    /** Which part is wanted, and of which version, holds wherever the whole is. */
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
