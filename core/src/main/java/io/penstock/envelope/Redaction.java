package io.penstock.envelope;

import io.netty.buffer.ByteBuf;
import io.penstock.FieldError;
import io.penstock.pipeline.Call;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** For the rooms that show text: makes text of a server or of a request fit to be shown: bounded, without control characters, without secrets. */
public final class Redaction {

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

    /** Shorter values of headers are words, not secrets. */
    private static final int SHORTEST_TOKEN = 8;

    private final List<String> secrets;

    /** With the client's own secret, or null if it has none. */
    public Redaction(@Nullable String ownSecret) {
        this(ownSecret == null ? List.of() : List.of(ownSecret));
    }

    private Redaction(List<String> secrets) {
        this.secrets = secrets;
    }

    /** The same, for what a call's operators have put into its headers too: a token that was exchanged for the secret. */
    public Redaction of(Call call) {
        List<String> all = new ArrayList<>(secrets);
        List<String> headers = call.addedHeaders();
        for (int i = 1; i < headers.size(); i += 2) {
            String value = headers.get(i).substring(headers.get(i).lastIndexOf(' ') + 1);
            if (value.length() >= SHORTEST_TOKEN && !all.contains(value)) {
                all.add(value);
            }
        }
        return new Redaction(all);
    }

    /** The first 2 KiB of a body as text. */
    String excerpt(ByteBuf body) {
        return excerpt(body, EXCERPT);
    }

    /** The first bytes of a body as text. */
    public String excerpt(ByteBuf body, int bytes) {
        int length = Math.min(body.readableBytes(), bytes);
        String text = body.toString(body.readerIndex(), length, StandardCharsets.UTF_8);
        String clean = SECRET_MEMBER.matcher(withoutSecrets(text)).replaceAll("$1" + MASK + "$3");
        return length < body.readableBytes() ? clean + "… (" + body.readableBytes() + " bytes in all)" : clean;
    }

    /** A server's message as one line of at most 300 characters. */
    public String line(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), LINE));
        String clean = withoutSecrets(text);
        for (int i = 0; i < clean.length() && i < LINE; i++) {
            char c = clean.charAt(i);
            line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
        }
        return clean.length() > LINE ? line.append('…').toString() : line.toString();
    }

    /** A complaint whose text is fit to be shown; its other members stay as the server sent them, and are printed nowhere. */
    FieldError field(FieldError error) {
        return new FieldError(
                error.field() == null ? null : line(error.field()),
                error.code() == null ? null : line(error.code()),
                error.message() == null ? null : line(error.message()),
                error.more());
    }

    private String withoutSecrets(String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = without(secret, clean);
        }
        return clean;
    }

    private static String without(String secret, String text) {
        String clean = text.replace(secret, MASK);
        for (int n = Math.min(secret.length() - 1, clean.length()); n >= TELLING; n--) {
            int at = clean.length() - n;
            if (clean.regionMatches(at, secret, 0, n)) {
                return clean.substring(0, at) + MASK;
            }
        }
        return clean;
    }
}
