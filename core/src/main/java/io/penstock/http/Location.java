package io.penstock.http;

import io.penstock.annotation.Internal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The target of a redirect: the {@code Location} of a response (RFC 9110 §10.2.2), resolved according to RFC 3986 §5.2.
 * {@link URI#resolve} follows RFC 2396 instead; it differs if a reference is empty, is only a query, or climbs above
 * the root.
 *
 * <p>Characters that are not allowed in a URI but that servers send, such as {@code |} or the bytes of UTF-8, are
 * percent-encoded. Blanks and control characters are refused. A fragment is removed, as it is never sent.
 *
 * @hidden
 */
@Internal
public final class Location {

    /** The longest request line that common servers accept. */
    public static final int MOST_CHARACTERS = 8_192;

    private static final String SCHEME = "+-.";

    /** The target, or null if there is none to follow. */
    private final @Nullable URI target;
    /** Why there is no target. It never quotes the header, which may hold a signature. */
    private final String reason;

    private Location(@Nullable URI target, String reason) {
        this.target = target;
        this.reason = reason;
    }

    /** Returns the absolute target, or null if there is none to follow. */
    public @Nullable URI target() {
        return target;
    }

    /** Returns why there is no target, without quoting the header. */
    public String reason() {
        return reason;
    }

    private static Location refused(String reason) {
        return new Location(null, reason);
    }

    /** Returns the target that the header's values name, resolved against {@code from}. */
    public static Location of(URI from, List<String> values) {
        if (values.isEmpty()) {
            return refused("there is none");
        }
        String text = values.get(0).strip();
        if (!values.stream().allMatch(other -> other.strip().equals(text))) {
            return refused("there are several, which differ");
        }
        if (text.length() > MOST_CHARACTERS) {
            return refused("it is longer than " + MOST_CHARACTERS + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7f) {
                return refused("its character " + (i + 1) + " is a blank or a control character");
            }
        }
        return resolved(from, text);
    }

    private static Location resolved(URI from, String text) {
        int fragment = text.indexOf('#');
        String reference = fragment < 0 ? text : text.substring(0, fragment);
        int question = reference.indexOf('?');
        String query = question < 0 ? null : reference.substring(question + 1);
        String rest = question < 0 ? reference : reference.substring(0, question);
        String scheme = scheme(rest);
        if (scheme != null) {
            rest = rest.substring(scheme.length() + 1);
        }
        String authority = authority(rest);
        if (authority != null) {
            rest = rest.substring(authority.length() + 2);
        } else if (scheme != null) {
            return refused("it names no host");
        }
        String path;
        if (authority != null || rest.startsWith("/")) {
            path = withoutDots(rest);
        } else if (rest.isEmpty()) {
            path = from.getRawPath();
            query = query == null ? from.getRawQuery() : query;
        } else {
            String base = from.getRawPath();
            path = withoutDots(base.isEmpty() ? "/" + rest : base.substring(0, base.lastIndexOf('/') + 1) + rest);
        }
        return allowed(
                from,
                scheme == null ? from.getScheme() : scheme.toLowerCase(Locale.ROOT),
                authority == null ? from.getRawAuthority() : authority,
                path,
                query);
    }

    private static Location allowed(URI from, String scheme, String authority, String path, @Nullable String query) {
        boolean https = scheme.equalsIgnoreCase("https");
        if (!https && !scheme.equalsIgnoreCase("http")) {
            return refused("its scheme is another one");
        }
        if (!https && from.getScheme().equalsIgnoreCase("https")) {
            return refused("it leads from https to http");
        }
        if (authority.indexOf('@') >= 0) {
            return refused("it holds a user or a password");
        }
        StringBuilder uri = new StringBuilder(scheme).append("://").append(authority);
        encode(path, "[]", uri);
        if (query != null) {
            uri.append('?');
            encode(query, "", uri);
        }
        try {
            URI target = new URI(uri.toString());
            boolean known = authority.equalsIgnoreCase(from.getRawAuthority()) || Authority.of(target) != null;
            return known ? new Location(target, "") : refused("its host or port is none");
        } catch (URISyntaxException e) {
            return refused("it is no URI");
        }
    }

    private static @Nullable String scheme(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':') {
                return i == 0 ? null : text.substring(0, i);
            }
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && (i == 0 || !((c >= '0' && c <= '9') || SCHEME.indexOf(c) >= 0))) {
                return null;
            }
        }
        return null;
    }

    private static @Nullable String authority(String text) {
        if (!text.startsWith("//")) {
            return null;
        }
        int end = text.indexOf('/', 2);
        return end < 0 ? text.substring(2) : text.substring(2, end);
    }

    /** Removes dot segments (RFC 3986 §5.2.4) from a path that is empty or begins with a slash. */
    private static String withoutDots(String path) {
        StringBuilder out = new StringBuilder(path.length());
        int from = 0;
        while (from < path.length()) {
            int next = path.indexOf('/', from + 1);
            int end = next < 0 ? path.length() : next;
            String segment = path.substring(from, end);
            boolean last = next < 0;
            if (segment.equals("/..")) {
                out.setLength(Math.max(0, out.lastIndexOf("/")));
                out.append(last ? "/" : "");
            } else if (segment.equals("/.")) {
                out.append(last ? "/" : "");
            } else {
                out.append(segment);
            }
            from = end;
        }
        return out.toString();
    }

    /**
     * Percent-encodes the characters that are not allowed in a URI. Characters up to U+00FF stand for one byte of the
     * header.
     */
    private static void encode(String text, String alsoEncoded, StringBuilder to) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0xff) {
                int end = i + Character.charCount(text.codePointAt(i));
                for (byte b : text.substring(i, end).getBytes(StandardCharsets.UTF_8)) {
                    percent(b, to);
                }
                i = end - 1;
            } else if (c >= 0x80
                    || "\"<>\\^`{|}".indexOf(c) >= 0
                    || alsoEncoded.indexOf(c) >= 0
                    || isLonePercent(text, i)) {
                percent((byte) c, to);
            } else {
                to.append(c);
            }
        }
    }

    private static boolean isLonePercent(String text, int at) {
        return text.charAt(at) == '%'
                && !(at + 2 < text.length()
                        && Character.digit(text.charAt(at + 1), 16) >= 0
                        && Character.digit(text.charAt(at + 2), 16) >= 0);
    }

    private static void percent(byte b, StringBuilder to) {
        to.append('%')
                .append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)))
                .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
    }
}
