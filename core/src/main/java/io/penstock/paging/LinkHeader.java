package io.penstock.paging;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A reader of {@code Link} headers (RFC 8288 §3 and appendix B.2): a list of targets in angle brackets, each with
 * parameters. Unlike the algorithm there, it does not skip what is malformed: a list of links that was cut off would look
 * like the last page.
 */
final class LinkHeader {

    /** The part of a header that was read so far. */
    private final String text;

    private int at;

    private LinkHeader(String text) {
        this.text = text;
    }

    /** A header that does not follow the grammar. It tells the position only: a link may hold a signature. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String what, int position) {
            super(what + " at its character " + (position + 1), null, false, false);
        }
    }

    /**
     * Returns the targets of a relation, as sent, in order.
     *
     * @param headers the values of all {@code Link} headers of a response
     * @param relation a relation type in lower case, such as {@code next}
     */
    static List<String> targets(List<String> headers, String relation) throws Malformed {
        List<String> targets = new ArrayList<>(1);
        for (String header : headers) {
            new LinkHeader(header).collect(relation, targets);
        }
        return targets;
    }

    private void collect(String relation, List<String> targets) throws Malformed {
        for (skip(", \t"); at < text.length(); skip(", \t")) {
            if (text.charAt(at) != '<') {
                throw new Malformed("no target in angle brackets", at);
            }
            int end = text.indexOf('>', at);
            if (end < 0) {
                throw new Malformed("a target without its closing bracket", at);
            }
            String target = text.substring(at + 1, end).strip();
            at = end + 1;
            if (isOf(relation)) {
                targets.add(target);
            }
        }
    }

    /**
     * Reads the parameters of one link; returns whether it has the relation. The first {@code rel} counts (§3.3). A link
     * with an {@code anchor} says something of another resource (§3.2).
     */
    private boolean isOf(String relation) throws Malformed {
        String relations = null;
        boolean elsewhere = false;
        for (skip(" \t"); at < text.length() && text.charAt(at) != ','; skip(" \t")) {
            if (text.charAt(at) != ';') {
                throw new Malformed("neither a parameter nor another link", at);
            }
            at++;
            skip(" \t");
            String name = token();
            skip(" \t");
            String value = null;
            if (at < text.length() && text.charAt(at) == '=') {
                at++;
                skip(" \t");
                value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
            }
            if (name.equals("rel") && relations == null) {
                relations = value == null ? "" : value;
            }
            elsewhere |= name.equals("anchor");
        }
        return !elsewhere
                && relations != null
                && Stream.of(relations.split("[ \t]+", -1)).anyMatch(relation::equalsIgnoreCase);
    }

    private String token() {
        int from = at;
        while (at < text.length() && ";,= \t".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at).toLowerCase(Locale.ROOT);
    }

    private String quoted() throws Malformed {
        int from = at;
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                value.append(text.charAt(at));
            } else {
                value.append(c);
            }
        }
        throw new Malformed("a quoted text without its end", from);
    }

    private void skip(String characters) {
        while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    /** Returns the only target of several, or null if they differ. */
    static @Nullable String only(List<String> targets) {
        return targets.stream().distinct().count() == 1 ? targets.get(0) : null;
    }
}
