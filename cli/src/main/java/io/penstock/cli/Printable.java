package io.penstock.cli;

import java.util.Locale;

/** An escape of control characters that makes text safe for a terminal: no line break or escape sequence survives. */
final class Printable {

    private Printable() {}

    static String line(String text) {
        StringBuilder s = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                s.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                s.append(c);
            }
        }
        return s.toString();
    }
}
