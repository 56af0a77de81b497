package io.penstock.http;

import io.penstock.annotation.Internal;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The encoded query of a URI as a list of pairs. Names and values are compared decoded; what is kept stays as it is.
 *
 * @hidden
 */
@Internal
public final class RawQuery {

    private RawQuery() {}

    /** Returns the encoded query of alternating names and values. */
    public static String of(List<String> namesAndValues) {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            query.append(i == 0 ? "" : "&");
            RequestTarget.encode(namesAndValues.get(i), query);
            query.append('=');
            RequestTarget.encode(namesAndValues.get(i + 1), query);
        }
        return query.toString();
    }

    /** Returns the first of the names that a query has, or null. */
    public static @Nullable String firstOf(List<String> names, @Nullable String query) {
        if (query == null) {
            return null;
        }
        for (String pair : query.split("&", -1)) {
            String name = name(pair);
            if (names.contains(name)) {
                return name;
            }
        }
        return null;
    }

    /** Returns a place, such as a path or a URI, without those pairs of its query whose name and value match. */
    public static String without(String place, BiPredicate<String, String> unwanted) {
        int question = place.indexOf('?');
        int hash = place.indexOf('#');
        if (question < 0 || (hash >= 0 && hash < question)) {
            return place;
        }
        int end = hash < 0 ? place.length() : hash;
        StringBuilder kept = new StringBuilder(place.length()).append(place, 0, question);
        boolean any = false;
        boolean all = true;
        for (String pair : place.substring(question + 1, end).split("&", -1)) {
            if (unwanted.test(name(pair), value(pair))) {
                all = false;
            } else {
                kept.append(any ? '&' : '?').append(pair);
                any = true;
            }
        }
        return all ? place : kept.append(place, end, place.length()).toString();
    }

    /** Returns a URI without those pairs of its query whose name and value match. */
    public static URI without(URI uri, BiPredicate<String, String> unwanted) {
        String whole = uri.toString();
        String kept = without(whole, unwanted);
        return kept.equals(whole) ? uri : URI.create(kept);
    }

    private static String name(String pair) {
        int equals = pair.indexOf('=');
        return decoded(equals < 0 ? pair : pair.substring(0, equals));
    }

    private static String value(String pair) {
        return decoded(pair.substring(pair.indexOf('=') + 1));
    }

    private static String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text; // a lone percent sign: the server cannot mean an escape either
        }
    }
}
