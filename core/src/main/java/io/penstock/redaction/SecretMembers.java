package io.penstock.redaction;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A filter that masks values under names that suggest a secret. In JSON it masks strings and numbers, also inside lists
 * and objects at any depth, and in JSON nested in strings. It also masks values of queries and forms. The text may be
 * cut anywhere and need not be JSON at all. {@code true}, {@code false} and {@code null} are never masked.
 */
final class SecretMembers {

    private static final String MASK = "****";
    private static final int MOST_NESTED = 3;

    /** Parts of secret names, without word separators. */
    private static final List<String> PARTS = List.of(
            "secret",
            "password",
            "passwd",
            "passphrase",
            "passcode",
            "pwd",
            "token",
            "credential",
            "authorization",
            "signature",
            "bearer",
            "cookie",
            "jwt",
            "sessionid",
            "apikey",
            "accesskey",
            "privatekey",
            "userkey",
            "clientkey",
            "sharedkey",
            "signingkey",
            "encryptionkey",
            "sessionkey",
            "masterkey",
            "accountkey",
            "servicekey",
            "sshkey");

    private static final Set<String> WORDS = Set.of("auth", "xauth", "otp", "pin", "pass", "sig");

    /**
     * A member whose value is a string, regardless of any quotes before it. The repetition of alternatives is
     * possessive because a backtracking one recurses for every character and overflows the stack.
     */
    private static final Pattern TEXT_MEMBER =
            Pattern.compile("\"([^\"]{1,200})\"(\\s*+:\\s*+\")((?:[^\"\\\\]|\\\\.)*+)(\"?)", Pattern.DOTALL);

    private static final Pattern PAIR = Pattern.compile("(^|[?&])([^?&=\\s\"'<>{}]{1,200})=([^&\\s\"'<>\\\\]+)");

    private SecretMembers() {}

    /** Returns whether a member, parameter or header of that name holds a secret. */
    static boolean isSecret(String name) {
        StringBuilder plain = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isLetterOrDigit(c)) {
                plain.append(c);
            }
        }
        String word = plain.toString().toLowerCase(Locale.ROOT);
        return WORDS.contains(word) || PARTS.stream().anyMatch(word::contains);
    }

    static String masked(String text) {
        return masked(text, MOST_NESTED);
    }

    private static String masked(String text, int nested) {
        String members = new Scan(text, nested).masked();
        return pairs(replaced(TEXT_MEMBER, members, 1, "\"%1$s\"%2$s" + MASK + "%4$s"));
    }

    /** Masks the values of secret parameters in a query or form. */
    static String pairs(String text) {
        return text.indexOf('=') < 0 ? text : replaced(PAIR, text, 2, "%1$s%2$s=" + MASK);
    }

    private static String replaced(Pattern pattern, String text, int nameGroup, String format) {
        Matcher matcher = pattern.matcher(text);
        StringBuilder written = new StringBuilder(text.length());
        int at = 0;
        int from = 0;
        while (matcher.find(from)) {
            if (isSecret(unescaped(matcher.group(nameGroup)))) {
                Object[] groups = new Object[matcher.groupCount()];
                for (int i = 0; i < groups.length; i++) {
                    groups[i] = matcher.group(i + 1);
                }
                written.append(text, at, matcher.start()).append(String.format(Locale.ROOT, format, groups));
                at = matcher.end();
                from = at;
            } else {
                from = matcher.end(nameGroup); // the text matched as its value may hold another name
            }
        }
        return at == 0 ? text : written.append(text, at, text.length()).toString();
    }

    /** Returns a JSON string without its escapes. */
    private static String unescaped(String json) {
        if (json.indexOf('\\') < 0) {
            return json;
        }
        StringBuilder text = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c != '\\' || i + 1 == json.length()) {
                text.append(c);
                continue;
            }
            char kind = json.charAt(++i);
            int letter = "bfnrt".indexOf(kind);
            if (kind == 'u' && i + 4 < json.length() && isHex(json, i + 1)) {
                text.append((char) Integer.parseInt(json.substring(i + 1, i + 5), 16));
                i += 4;
            } else {
                text.append(letter < 0 ? kind : "\b\f\n\r\t".charAt(letter));
            }
        }
        return text.toString();
    }

    private static boolean isHex(String text, int from) {
        for (int i = from; i < from + 4; i++) {
            if (Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static String escaped(String text) {
        StringBuilder json = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int letter = "\b\f\n\r\t".indexOf(c);
            if (letter >= 0) {
                json.append('\\').append("bfnrt".charAt(letter));
            } else if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else {
                json.append(c);
            }
        }
        return json.toString();
    }

    /** One pass over the tokens of text that may be JSON. */
    private static final class Scan {
        private final String text;
        private final int nested;
        private final StringBuilder written;
        private int at;
        private int depth;
        /** The depth of the outermost list or object under a secret name, or 0 outside. */
        private int secretDepth;
        /** Whether the name before the current value is a secret one. */
        private boolean named;

        Scan(String text, int nested) {
            this.text = text;
            this.nested = nested;
            this.written = new StringBuilder(text.length());
        }

        String masked() {
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '"') {
                    quoted();
                } else if (c == '{' || c == '[') {
                    depth++;
                    if (named && secretDepth == 0) {
                        secretDepth = depth;
                    }
                    named = false;
                    written.append(c);
                    at++;
                } else if (c == '}' || c == ']') {
                    depth = Math.max(0, depth - 1);
                    if (depth < secretDepth) {
                        secretDepth = 0;
                    }
                    named = false;
                    written.append(c);
                    at++;
                } else if ((named || secretDepth > 0) && (c == '-' || (c >= '0' && c <= '9'))) {
                    number();
                } else {
                    named &= Character.isWhitespace(c) || c == ':';
                    written.append(c);
                    at++;
                }
            }
            return written.toString();
        }

        private void quoted() {
            int end = at + 1;
            while (end < text.length() && text.charAt(end) != '"') {
                end += text.charAt(end) == '\\' ? 2 : 1;
            }
            boolean closed = end < text.length();
            String inside = text.substring(at + 1, Math.min(end, text.length()));
            at = closed ? end + 1 : text.length();
            int next = at;
            while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
                next++;
            }
            boolean name = closed && next < text.length() && text.charAt(next) == ':';
            String shown = inside;
            if (name) {
                named = isSecret(unescaped(inside));
            } else {
                shown = named || secretDepth > 0 ? MASK : nestedIn(inside);
                named = false;
            }
            written.append('"').append(shown).append(closed ? "\"" : "");
        }

        /** Masks a string that is itself JSON. */
        private String nestedIn(String inside) {
            if (nested == 0 || !inside.contains("\\\"")) {
                return inside;
            }
            String plain = unescaped(inside);
            String masked = SecretMembers.masked(plain, nested - 1);
            return masked.equals(plain) ? inside : escaped(masked);
        }

        private void number() {
            while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            written.append(MASK);
            named = false;
        }
    }
}
