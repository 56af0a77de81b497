package io.penstock.redaction;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A search for secrets in all the spellings that a server may use: verbatim, JSON-escaped, percent-encoded, with HTML
 * character references, in nested combinations of these, and in Base64, alone or as part of a longer value.
 *
 * <p>The text is decoded in steps. Each step maps its characters back to the characters of the original.
 */
final class Spellings {

    private static final String MASK = "****";
    private static final int MOST_STEPS = 3;

    /**
     * At the end of a cut text, a prefix of a secret this long or longer is masked. Vendors show as many characters of
     * a key themselves.
     */
    private static final int TELLING = 4;

    /** The same for Base64. */
    private static final int TELLING_BASE64 = 6;

    private static final Map<String, Character> REFERENCES = Map.ofEntries(
            Map.entry("excl", '!'),
            Map.entry("quot", '"'),
            Map.entry("num", '#'),
            Map.entry("dollar", '$'),
            Map.entry("percnt", '%'),
            Map.entry("amp", '&'),
            Map.entry("apos", '\''),
            Map.entry("lpar", '('),
            Map.entry("rpar", ')'),
            Map.entry("ast", '*'),
            Map.entry("plus", '+'),
            Map.entry("comma", ','),
            Map.entry("period", '.'),
            Map.entry("sol", '/'),
            Map.entry("colon", ':'),
            Map.entry("semi", ';'),
            Map.entry("lt", '<'),
            Map.entry("equals", '='),
            Map.entry("gt", '>'),
            Map.entry("quest", '?'),
            Map.entry("commat", '@'),
            Map.entry("lbrack", '['),
            Map.entry("lsqb", '['),
            Map.entry("bsol", '\\'),
            Map.entry("rbrack", ']'),
            Map.entry("rsqb", ']'),
            Map.entry("Hat", '^'),
            Map.entry("lowbar", '_'),
            Map.entry("grave", '`'),
            Map.entry("lbrace", '{'),
            Map.entry("lcub", '{'),
            Map.entry("vert", '|'),
            Map.entry("verbar", '|'),
            Map.entry("rbrace", '}'),
            Map.entry("rcub", '}'));
    private static final int LONGEST_REFERENCE = 10;

    /**
     * A text to search for.
     *
     * @param telling the shortest prefix that is masked at the end of a text
     * @param base64 whether adjacent characters of the Base64 alphabet belong to the match
     */
    private record Needle(String text, int telling, boolean base64) {}

    private final List<Needle> needles = new ArrayList<>();

    Spellings(List<String> secrets) {
        for (String secret : secrets) {
            needles.add(new Needle(secret, TELLING, false));
            if (secret.indexOf(' ') >= 0) {
                needles.add(new Needle(secret.replace(' ', '+'), TELLING, false));
            }
            addBase64(secret.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Adds the Base64 forms of a secret. Base64 encodes three bytes as four characters, so the form depends on how many
     * bytes precede the secret.
     */
    private void addBase64(byte[] secret) {
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + secret.length];
            System.arraycopy(secret, 0, shifted, before, secret.length);
            String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            int from = (before * 8 + 5) / 6;
            int to = shifted.length * 8 / 6;
            if (to - from > TELLING_BASE64) {
                String own = encoded.substring(from, to);
                needles.add(new Needle(own, TELLING_BASE64, true));
                String forAddresses = own.replace('+', '-').replace('/', '_');
                if (!forAddresses.equals(own)) {
                    needles.add(new Needle(forAddresses, TELLING_BASE64, true));
                }
            }
        }
    }

    /** Returns the text with a mask in place of each secret and of a prefix of one at its end. */
    String masked(String text) {
        if (needles.isEmpty() || text.isEmpty()) {
            return text;
        }
        BitSet masked = new BitSet(text.length());
        Set<String> seen = new HashSet<>();
        List<Step> steps = List.of(new Step(text, null, text.length()));
        for (int i = 0; i <= MOST_STEPS && !steps.isEmpty(); i++) {
            List<Step> next = new ArrayList<>();
            for (Step step : steps) {
                if (seen.add(step.text)) {
                    find(step, masked);
                    step.addDecoded(next);
                }
            }
            steps = next;
        }
        return masked.isEmpty() ? text : written(text, masked);
    }

    private void find(Step step, BitSet masked) {
        for (Needle needle : needles) {
            int length = needle.text.length();
            for (int at = step.text.indexOf(needle.text); at >= 0; at = step.text.indexOf(needle.text, at + 1)) {
                int from = at;
                int to = at + length;
                while (needle.base64 && from > 0 && isBase64(step.text.charAt(from - 1))) {
                    from--;
                }
                while (needle.base64 && to < step.text.length() && isBase64(step.text.charAt(to))) {
                    to++;
                }
                masked.set(step.original(from), step.original(to));
            }
            for (int n = Math.min(length - 1, step.text.length()); n >= needle.telling; n--) {
                int at = step.text.length() - n;
                if (step.text.regionMatches(at, needle.text, 0, n)) {
                    masked.set(step.original(at), step.whole);
                    break;
                }
            }
        }
    }

    private static boolean isBase64(char c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '/'
                || c == '-'
                || c == '_'
                || c == '=';
    }

    private static String written(String text, BitSet masked) {
        StringBuilder written = new StringBuilder(text.length());
        int at = 0;
        for (int from = masked.nextSetBit(0); from >= 0; from = masked.nextSetBit(at)) {
            written.append(text, at, from).append(MASK);
            at = masked.nextClearBit(from);
        }
        return written.append(text, at, text.length()).toString();
    }

    /** The text with some of its escapes decoded. */
    private static final class Step {

        private enum Escapes {
            JSON('\\'),
            PERCENT('%'),
            REFERENCE('&');

            final char sign;

            Escapes(char sign) {
                this.sign = sign;
            }
        }

        /** An escape that is cut by the end of the text. */
        private static final int CUT = -2;

        private static final int NONE = -1;

        final String text;
        /** Where each character begins in the original; null if this is the original. */
        private final int @Nullable [] places;

        /** The length of the original. */
        final int whole;

        Step(String text, int @Nullable [] places, int whole) {
            this.text = text;
            this.places = places;
            this.whole = whole;
        }

        int original(int at) {
            return places == null ? at : at == text.length() ? whole : places[at];
        }

        void addDecoded(List<Step> steps) {
            for (Escapes escapes : Escapes.values()) {
                if (text.indexOf(escapes.sign) >= 0) {
                    steps.add(decoded(escapes));
                }
            }
        }

        private Step decoded(Escapes escapes) {
            StringBuilder decoded = new StringBuilder(text.length());
            int[] origins = new int[text.length()];
            int at = 0;
            while (at < text.length()) {
                char c = text.charAt(at);
                int end = c == escapes.sign ? end(escapes, at) : NONE;
                if (end == CUT) {
                    break;
                }
                origins[decoded.length()] = original(at);
                decoded.append(end == NONE ? c : value(escapes, at, end));
                at = end == NONE ? at + 1 : end;
            }
            return new Step(decoded.toString(), Arrays.copyOf(origins, decoded.length()), whole);
        }

        private int end(Escapes escapes, int at) {
            return switch (escapes) {
                case JSON -> {
                    if (at + 1 == text.length()) {
                        yield CUT;
                    }
                    char kind = text.charAt(at + 1);
                    yield kind == 'u'
                            ? hex(at + 2, 4)
                            : kind == 'x' ? hex(at + 2, 2) : "\"\\/'bfnrt".indexOf(kind) >= 0 ? at + 2 : NONE;
                }
                case PERCENT -> hex(at + 1, 2);
                case REFERENCE -> reference(at + 1);
            };
        }

        private int hex(int from, int digits) {
            for (int i = from; i < from + digits; i++) {
                if (i >= text.length()) {
                    return CUT;
                }
                if (Character.digit(text.charAt(i), 16) < 0) {
                    return NONE;
                }
            }
            return from + digits;
        }

        private int reference(int from) {
            int at = from;
            while (at < text.length() && at < from + LONGEST_REFERENCE && text.charAt(at) != ';') {
                char c = text.charAt(at);
                if (!(c == '#' && at == from) && Character.digit(c, 36) < 0) {
                    return NONE;
                }
                at++;
            }
            if (at == text.length()) {
                return CUT;
            }
            return text.charAt(at) == ';' && referenced(text.substring(from, at)) >= 0 ? at + 1 : NONE;
        }

        private static int referenced(String name) {
            if (!name.startsWith("#")) {
                Character known = REFERENCES.get(name);
                return known == null ? NONE : known;
            }
            try {
                boolean hex = name.startsWith("x", 1) || name.startsWith("X", 1);
                int value = hex ? Integer.parseInt(name.substring(2), 16) : Integer.parseInt(name.substring(1));
                return value <= Character.MAX_VALUE ? value : NONE;
            } catch (NumberFormatException notANumber) {
                return NONE;
            }
        }

        private char value(Escapes escapes, int at, int end) {
            return switch (escapes) {
                case JSON -> {
                    char kind = text.charAt(at + 1);
                    int letter = "bfnrt".indexOf(kind);
                    yield end - at > 2
                            ? (char) Integer.parseInt(text.substring(at + 2, end), 16)
                            : letter < 0 ? kind : "\b\f\n\r\t".charAt(letter);
                }
                case PERCENT -> (char) Integer.parseInt(text.substring(at + 1, end), 16);
                case REFERENCE -> (char) referenced(text.substring(at + 1, end - 1));
            };
        }
    }
}
