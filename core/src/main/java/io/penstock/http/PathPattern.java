package io.penstock.http;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A pattern of paths in the notation of a spec: as the path of a request, below the base URI or from the root of its origin
 * with a leading slash. A placeholder such as <code>{id}</code> stands for one segment, <code>**</code> at the end for any
 * number of them. <code>**</code> at the beginning stands for any segments from the root of the origin on.
 *
 * @hidden
 */
@Internal
public final class PathPattern {

    private static final String ANY = "*";
    private static final String REST = "**";

    private final String text;
    private final List<String> segments;
    private final boolean openBefore;
    private final boolean open;
    private final boolean literal;

    private PathPattern(String text, List<String> segments, boolean openBefore, boolean open) {
        this.openBefore = openBefore;
        this.text = text;
        this.segments = segments;
        this.open = open;
        this.literal = !open && !openBefore && !segments.contains(ANY);
    }

    /**
     * Returns a pattern.
     *
     * @param what names the member of the spec, for errors
     * @throws ApiException INVALID_CONFIGURATION if no path can match it
     */
    public static PathPattern of(String what, String pattern, URI base) {
        check(what, pattern);
        boolean open = pattern.equals(REST) || pattern.endsWith("/" + REST);
        String closed = open ? pattern.substring(0, pattern.length() - REST.length()) : pattern;
        boolean openBefore = closed.startsWith(REST + "/");
        String path =
                openBefore ? closed.substring(REST.length()) : closed.startsWith("/") ? closed : below(base) + closed;
        List<String> segments = new ArrayList<>();
        for (String segment : path.substring(1).split("/", -1)) {
            segments.add(isPlaceholder(segment) ? ANY : encoded(segment));
        }
        if (open) {
            segments.remove(segments.size() - 1); // the empty one before the rest
        }
        return new PathPattern("/" + String.join("/", segments), List.copyOf(segments), openBefore, open);
    }

    /**
     * Checks a pattern without resolving it.
     *
     * @throws ApiException INVALID_CONFIGURATION if no path can match it
     */
    public static void check(String what, String pattern) {
        String problem = null;
        try {
            RequestTarget.checkTemplate(pattern);
        } catch (ApiException e) {
            problem = e.failure().message();
        }
        if (pattern.isEmpty()) {
            problem = "empty (expected: a path)";
        } else if (inside(pattern).contains(REST)) {
            problem = pattern + ": ** inside (expected: ** as the first or last segment only)";
        } else if (problem == null) {
            for (String segment : pattern.split("/", -1)) {
                boolean braced = segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0;
                if (braced && !isPlaceholder(segment)) {
                    problem = pattern + ": placeholder beside other text in one segment (expected: {name} alone)";
                }
            }
        }
        if (problem != null) {
            throw ApiException.invalidConfiguration(what + ": " + problem);
        }
    }

    /** Returns what is between a first and a last segment that stand for any. */
    private static String inside(String pattern) {
        if (pattern.equals(REST)) {
            return "";
        }
        String rest = pattern.startsWith(REST + "/") ? pattern.substring(REST.length() + 1) : pattern;
        return rest.endsWith("/" + REST) ? rest.substring(0, rest.length() - REST.length() - 1) : rest;
    }

    private static boolean isPlaceholder(String segment) {
        return segment.length() > 2
                && segment.startsWith("{")
                && segment.indexOf('}') == segment.length() - 1
                && segment.lastIndexOf('{') == 0;
    }

    private static String below(URI base) {
        String path = base.getRawPath();
        return path.endsWith("/") ? path : path + "/";
    }

    private static String encoded(String segment) {
        return RequestTarget.encodedLiteral(segment);
    }

    /** Returns the path of a request from the root of the origin, encoded and without a slash at its end. */
    public static String fromRoot(String path, URI base) {
        String whole = path.startsWith("/") ? path : below(base) + path;
        List<String> segments = new ArrayList<>();
        for (String segment : whole.substring(1).split("/", -1)) {
            segments.add(encoded(segment));
        }
        String encoded = "/" + String.join("/", segments);
        return encoded.length() > 1 && encoded.endsWith("/") ? encoded.substring(0, encoded.length() - 1) : encoded;
    }

    /** Returns whether it matches an encoded path from the root of the origin. */
    public boolean matches(String path) {
        if (literal) {
            return path.equals(text);
        }
        for (int from = 0; openBefore && from >= 0; from = path.indexOf('/', from + 1)) {
            if (matches(path, from)) {
                return true;
            }
        }
        return !openBefore && matches(path, 0);
    }

    private boolean matches(String path, int from) {
        int at = from;
        for (String segment : segments) {
            if (at >= path.length() || path.charAt(at) != '/') {
                return false;
            }
            int end = path.indexOf('/', at + 1);
            end = end < 0 ? path.length() : end;
            boolean fits = segment.equals(ANY)
                    ? end > at + 1
                    : segment.length() == end - at - 1 && path.startsWith(segment, at + 1);
            if (!fits) {
                return false;
            }
            at = end;
        }
        return open || at == path.length();
    }

    @Override
    public String toString() {
        return (openBefore ? REST : "") + text + (open ? "/" + REST : "");
    }
}
