package io.penstock.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Read-only response headers. Names are compared without case (RFC 9110 §5.1), and values keep their order. */
public final class Headers {

    private static final Set<String> OWNED_BY_TRANSPORT = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authorization",
            "upgrade",
            "te",
            "trailer",
            "expect",
            "accept-encoding");

    private static final Headers NONE = new Headers(new DefaultHttpHeaders());

    private final HttpHeaders headers;

    private Headers(HttpHeaders headers) {
        this.headers = headers;
    }

    /** Returns empty headers. */
    public static Headers none() {
        return NONE;
    }

    /**
     * Creates headers from alternating names and values.
     *
     * @throws IllegalArgumentException if a name has no value or either is not allowed by RFC 9110 §5
     */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "namesAndValues: " + namesAndValues.length + " strings (expected: a value for every name)");
        }
        HttpHeaders headers = new DefaultHttpHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Headers(headers);
    }

    /**
     * Checks a header that the caller or an operator wants to send.
     *
     * @throws ApiException INVALID_REQUEST if RFC 9110 §5 does not allow it, such as a value with leading or trailing
     *     whitespace, or if the transport sets the header itself; the message shows nothing of the value
     */
    public static void checkSendable(String name, String value) {
        String badName = whatIsWrongWithName(name);
        if (badName != null) {
            throw ApiException.invalidRequest(badName);
        }
        if (OWNED_BY_TRANSPORT.contains(name.toLowerCase(Locale.ROOT))) {
            throw ApiException.invalidRequest(
                    "header " + name + ": set by the transport itself (expected: any other header)");
        }
        String wrong = whatIsWrongWith(value);
        if (wrong != null) {
            throw ApiException.invalidRequest("header " + name + ": " + wrong);
        }
    }

    /**
     * Returns why a text is no name of a header, or null if it is one.
     *
     * @hidden
     */
    @Internal
    public static @Nullable String whatIsWrongWithName(String name) {
        int bad = name.isEmpty() ? 0 : HttpHeaderValidationUtil.validateToken(name);
        return bad < 0
                ? null
                : "header name " + RequestTarget.printable(name) + ": "
                        + (name.isEmpty() ? "empty" : "character " + (bad + 1) + " is not allowed")
                        + " (expected: a token as in RFC 9110 §5.6.2)";
    }

    /**
     * Returns why a value cannot be sent, without showing any of it, or null if it can be sent.
     *
     * @hidden
     */
    @Internal
    public static @Nullable String whatIsWrongWith(String value) {
        int last = value.length() - 1;
        for (int i = 0; i <= last; i++) {
            char c = value.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7f || c > 0xff) {
                return "character " + (i + 1) + " of its value is "
                        + String.format(Locale.ROOT, "U+%04X", (int) c)
                        + " (expected: visible characters, spaces and tabs, RFC 9110 §5.5"
                        + (i == last && (c == '\n' || c == '\r') ? "; strip() what was read from a file)" : ")");
            }
        }
        if (last >= 0 && (isBlank(value.charAt(0)) || isBlank(value.charAt(last)))) {
            return "its value " + (isBlank(value.charAt(0)) ? "begins" : "ends")
                    + " with a blank or a tab (expected: neither at its ends, RFC 9110 §5.5; strip() what was read from a"
                    + " file)";
        }
        return null;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Returns a view of a received head. For transports; the given object must not change afterwards. */
    public static Headers view(HttpHeaders received) {
        return new Headers(received);
    }

    /** Returns the first value of that name, or null. */
    public @Nullable String first(String name) {
        return headers.get(name);
    }

    /** Returns all values of that name in order; empty if there is none. */
    public List<String> all(String name) {
        return List.copyOf(headers.getAll(name));
    }

    /** Returns how often these three names occur in total. */
    public int count(String one, String another, String third) {
        int count = 0;
        Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
        while (all.hasNext()) {
            CharSequence name = all.next().getKey();
            if (isSame(name, one) || isSame(name, another) || isSame(name, third)) {
                count++;
            }
        }
        return count;
    }

    private static boolean isSame(CharSequence name, String other) {
        return name.length() == other.length() && AsciiString.contentEqualsIgnoreCase(name, other);
    }

    /** Returns whether the name occurs. */
    public boolean contains(String name) {
        return headers.contains(name);
    }

    /** Returns the names that occur, sorted without case. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(headers.names());
        return names;
    }

    /** Returns the names only: a header's value may be a secret. */
    @Override
    public String toString() {
        return "Headers" + names();
    }
}
