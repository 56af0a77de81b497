package io.penstock.envelope;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes text of a server fit to be shown: bounded, without control characters, without secrets. */
final class Redaction {

    private static final int EXCERPT = 2048;
    private static final int LINE = 300;
    private static final String MASK = "****";

    /** So much of the own secret may stand at the end of a text that was cut: what vendors show of a key themselves. */
    private static final int TELLING = 4;

    /**
     * JSON members whose name speaks of a secret, with a text as value, even if the text is cut off. The repetition of
     * alternatives is possessive because any other kind recurses for every character, and overflows the stack.
     */
    private static final Pattern SECRET_MEMBER = Pattern.compile(
            "(\"[^\"]*(?:secret|password|passwd|token|credential|authorization|api[_-]?key|private[_-]?key)[^\"]*\"\\s*:\\s*\")"
                    + "((?:[^\"\\\\]|\\\\.)*+)(\"?)",
            Pattern.CASE_INSENSITIVE);

    private final @Nullable String ownSecret;

    Redaction(@Nullable String ownSecret) {
        this.ownSecret = ownSecret;
    }

    /** The first 2 KiB of a body as text. */
    String excerpt(ByteBuf body) {
        int length = Math.min(body.readableBytes(), EXCERPT);
        String text = body.toString(body.readerIndex(), length, StandardCharsets.UTF_8);
        String clean = SECRET_MEMBER.matcher(withoutOwnSecret(text)).replaceAll("$1" + MASK + "$3");
        return length < body.readableBytes() ? clean + "… (" + body.readableBytes() + " bytes in all)" : clean;
    }

    /** A server's message as one line of at most 300 characters. */
    String line(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), LINE));
        String clean = withoutOwnSecret(text);
        for (int i = 0; i < clean.length() && i < LINE; i++) {
            char c = clean.charAt(i);
            line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
        }
        return clean.length() > LINE ? line.append('…').toString() : line.toString();
    }

    private String withoutOwnSecret(String text) {
        if (ownSecret == null) {
            return text;
        }
        String clean = text.replace(ownSecret, MASK);
        for (int n = Math.min(ownSecret.length() - 1, clean.length()); n >= TELLING; n--) {
            int at = clean.length() - n;
            if (clean.regionMatches(at, ownSecret, 0, n)) {
                return clean.substring(0, at) + MASK;
            }
        }
        return clean;
    }
}
