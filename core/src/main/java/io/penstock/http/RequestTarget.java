package io.penstock.http;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Path templates and their resolution to absolute, percent-encoded URIs.
 *
 * @hidden
 */
@Internal
public final class RequestTarget {

    /** The unreserved characters of RFC 3986 §2.3, which never need encoding. */
    private static final String UNRESERVED = "-._~";

    /** The pchar of RFC 3986 §3.3, allowed in the literals of a template. */
    private static final String PATH_LITERAL = UNRESERVED + "!$&'()*+,;=:@/";

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private RequestTarget() {}

    public static void checkTemplate(String path) {
        if (isUsual(path)) {
            return;
        }
        checkText("path", path, path);
        if (path.startsWith("//") || path.contains("://")) {
            throw ApiException.invalidRequest("path " + printable(path)
                    + ": names a host (expected: a path below the base URI, or /from/the/root of its origin)");
        }
        if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
            throw ApiException.invalidRequest(
                    "path " + printable(path)
                            + ": holds a query or a fragment (expected: the path alone; give parameters as query(name, value))");
        }
        for (String segment : path.split("/", -1)) {
            if (isDots(segment)) {
                throw dots("path " + printable(path), segment);
            }
        }
    }

    /** Returns whether nothing in a path needs a closer look: requests are often made anew for each call. */
    private static boolean isUsual(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (!isAlphanumeric(c) && c != '/' && c != '-' && c != '_' && c != '{' && c != '}') {
                return false;
            }
        }
        return !path.startsWith("//");
    }

    /**
     * Rejects control characters and unpaired surrogates, which no part of a target can hold safely, not even encoded.
     *
     * @param part the part of the target, for the message
     * @param name its name, for the message
     */
    public static void checkText(String part, String name, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                throw ApiException.invalidRequest(part + " " + printable(name) + ": character " + (i + 1)
                        + " is the control character " + String.format(Locale.ROOT, "U+%04X", (int) c)
                        + " (expected: text without any)");
            }
            if (Character.isSurrogate(c) && !isPair(text, i)) {
                throw ApiException.invalidRequest(part + " " + printable(name) + ": character " + (i + 1)
                        + " is half of a surrogate pair (expected: well-formed text)");
            }
        }
    }

    private static boolean isPair(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    /** Returns whether a segment, encoded or not, would climb out of the path (RFC 3986 §5.2.4). */
    private static boolean isDots(String segment) {
        if (segment.length() > 6) {
            return false; // %2e%2e
        }
        String plain = segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
        return plain.equals(".") || plain.equals("..");
    }

    private static ApiException dots(String what, String segment) {
        return ApiException.invalidRequest(
                what + ": a segment is \"" + segment + "\" (expected: no segment that names another level)");
    }

    public static URI resolve(URI base, String template, List<String> pathValues, List<String> query) {
        StringBuilder uri = new StringBuilder(96);
        uri.append(base.getScheme()).append("://").append(base.getRawAuthority());
        if (!template.startsWith("/")) {
            String basePath = base.getRawPath();
            uri.append(basePath);
            if (!basePath.endsWith("/")) {
                uri.append('/');
            }
        }
        expand(template, pathValues, uri);
        for (int i = 0; i < query.size(); i += 2) {
            uri.append(i == 0 ? '?' : '&');
            encode(query.get(i), UNRESERVED, uri);
            uri.append('=');
            encode(query.get(i + 1), UNRESERVED, uri);
        }
        try {
            return new URI(uri.toString());
        } catch (URISyntaxException e) {
            throw ApiException.invalidRequest(
                    "path " + printable(template) + ": " + e.getReason() + " (expected: a path that RFC 3986 allows)");
        }
    }

    private static void expand(String template, List<String> pathValues, StringBuilder uri) {
        int from = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', from)) {
            int close = template.indexOf('}', open);
            if (close < 0) {
                break;
            }
            encodeLiteral(template.substring(from, open), uri);
            String name = template.substring(open + 1, close);
            int at = indexOfName(pathValues, name);
            if (at < 0) {
                throw ApiException.invalidRequest("path " + printable(template) + ": no value for {" + name
                        + "} (expected: one, given as path(\"" + name + "\", value))");
            }
            encode(pathValues.get(at + 1), UNRESERVED, uri);
            from = close + 1;
        }
        encodeLiteral(template.substring(from), uri);
        if (!eachHasItsPlaceholder(template, pathValues)) {
            throw ApiException.invalidRequest("path " + printable(template) + ": values for " + namesOf(pathValues)
                    + " (expected: a placeholder {…} for each, each given once)");
        }
    }

    private static boolean eachHasItsPlaceholder(String template, List<String> pathValues) {
        for (int i = 0; i < pathValues.size(); i += 2) {
            String name = pathValues.get(i);
            if (indexOfName(pathValues, name) != i || !template.contains('{' + name + '}')) {
                return false;
            }
        }
        return true;
    }

    private static int indexOfName(List<String> pairs, String name) {
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i).equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static Set<String> namesOf(List<String> pairs) {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            names.add(printable(pairs.get(i)));
        }
        return names;
    }

    public static void checkValue(String template, String name, String value) {
        if (value.isEmpty()) {
            throw ApiException.invalidRequest(what(template, name) + ": empty (expected: at least one character)");
        }
        checkText("path " + printable(template) + ", value of", "{" + name + "}", value);
        if (isDots(value)) {
            throw dots(what(template, name), value);
        }
    }

    private static String what(String template, String name) {
        return "path " + printable(template) + ", value of {" + printable(name) + "}";
    }

    /** Returns the literal text of a path with everything percent-encoded that must be. */
    static String encodedLiteral(String literal) {
        StringBuilder encoded = new StringBuilder(literal.length());
        encodeLiteral(literal, encoded);
        return encoded.toString();
    }

    /**
     * Encodes a literal, which may already hold escapes: {@code %2F} is kept, a lone percent sign becomes {@code %25}.
     */
    private static void encodeLiteral(String literal, StringBuilder uri) {
        int from = 0;
        for (int percent = literal.indexOf('%'); percent >= 0; percent = literal.indexOf('%', from)) {
            encode(literal.substring(from, percent), PATH_LITERAL, uri);
            boolean escape = percent + 2 < literal.length()
                    && isHex(literal.charAt(percent + 1))
                    && isHex(literal.charAt(percent + 2));
            uri.append(escape ? "%" : "%25");
            from = percent + 1;
        }
        encode(literal.substring(from), PATH_LITERAL, uri);
    }

    private static void encode(String text, String alsoAllowed, StringBuilder to) {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c < 0x80) {
                if (isAlphanumeric(c) || alsoAllowed.indexOf(c) >= 0) {
                    to.append(c);
                } else {
                    percent((byte) c, to);
                }
                i++;
            } else {
                int end = i + Character.charCount(text.codePointAt(i));
                for (byte b : text.substring(i, end).getBytes(StandardCharsets.UTF_8)) {
                    percent(b, to);
                }
                i = end;
            }
        }
    }

    /** Appends text with everything but unreserved characters percent-encoded. */
    static void encode(String text, StringBuilder to) {
        encode(text, UNRESERVED, to);
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static void percent(byte b, StringBuilder to) {
        to.append('%').append(HEX[b >> 4 & 15]).append(HEX[b & 15]);
    }

    /** Returns text for a message, with control characters made visible and cut at 80 characters. */
    public static String printable(String text) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < text.length() && i < 80; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                s.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                s.append(c);
            }
        }
        return text.length() > 80 ? s.append('…').toString() : s.toString();
    }
}
