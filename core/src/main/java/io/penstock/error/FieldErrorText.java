package io.penstock.error;

import io.penstock.redaction.Redaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server's field errors as part of a message: {@code [url REQUIRED: URL is required; name TOO_LONG; 3 more]}. At
 * most five are shown, each of bounded length. The text of an error may repeat the value of its field, so for a field
 * that holds a secret only name and code are shown.
 */
final class FieldErrorText {

    private static final int MOST = 5;
    private static final int LONGEST = 160;

    private FieldErrorText() {}

    /** Appends the failure's field errors, leaving out texts that repeat its server message. */
    static void append(Failure failure, StringBuilder to) {
        List<String> lines = failure.fieldErrors().stream()
                .map(error -> line(error, failure.serverMessage()))
                .filter(line -> !line.isEmpty())
                .toList();
        for (int i = 0; i < lines.size() && i < MOST; i++) {
            to.append(i == 0 ? " [" : "; ");
            appendLine(lines.get(i), to);
        }
        if (!lines.isEmpty()) {
            to.append(lines.size() > MOST ? "; " + (lines.size() - MOST) + " more]" : "]");
        }
    }

    private static String line(FieldError error, @Nullable String serverMessage) {
        String field = error.field();
        String text = error.message();
        StringBuilder line = new StringBuilder(field == null ? "" : field);
        if (error.code() != null) {
            line.append(line.isEmpty() ? "" : " ").append(error.code());
        }
        boolean secret = field != null && Redaction.isSecretName(field);
        if (text != null && !text.equals(serverMessage) && !secret) {
            line.append(line.isEmpty() ? "" : ": ").append(text);
        }
        return line.toString();
    }

    /** Appends text of a server, with control characters replaced by spaces, cut if it is too long. */
    static void appendLine(String text, StringBuilder to) {
        for (int i = 0; i < text.length() && i < LONGEST; i++) {
            char c = text.charAt(i);
            to.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
        }
        if (text.length() > LONGEST) {
            to.append('…');
        }
    }
}
