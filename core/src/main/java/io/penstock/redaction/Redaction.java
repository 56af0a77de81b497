package io.penstock.redaction;

import io.netty.buffer.ByteBuf;
import io.penstock.annotation.Internal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A redactor for text of a server or of a request: its output is bounded and holds no control characters and no
 * secrets. Used by every package that shows or logs such text.
 *
 * @hidden
 */
@Internal
public final class Redaction {

    private static final int EXCERPT = 2048;
    private static final int LINE = 300;
    /** Shorter header values are words, not secrets. */
    private static final int SHORTEST_TOKEN = 8;

    /** A part of a Basic credential may be shorter than {@link #SHORTEST_TOKEN}. */
    private static final int SHORTEST_PASSWORD = 6;

    private static final String BASIC = "basic ";

    /** How many secrets that were learned are remembered; the oldest are forgotten. */
    private static final int MOST_LEARNED = 16;

    private final List<String> secrets;
    private final Spellings spellings;
    /** Hides what was learned as well; null if that is nothing. */
    private volatile @Nullable Redaction learned;
    /** Cached because most calls of a client carry the same token. */
    private volatile @Nullable Redaction ofLastCall;

    /** Creates a redaction that hides the client's own secret, or none if it is null. */
    public Redaction(@Nullable String ownSecret) {
        this(ownSecret == null ? List.of() : List.of(ownSecret));
    }

    private Redaction(List<String> secrets) {
        this.secrets = secrets;
        this.spellings = new Spellings(secrets);
    }

    /** Hides this secret as well from now on, wherever this redaction is used for the client as a whole. */
    public synchronized void learn(String secret) {
        Redaction before = learned;
        List<String> known = new ArrayList<>(before == null ? secrets : before.secrets);
        if (!known.contains(secret)) {
            known.add(secret);
            if (known.size() > secrets.size() + MOST_LEARNED) {
                known.remove(secrets.size());
            }
            learned = new Redaction(List.copyOf(known));
        }
    }

    /** Returns a redaction that hides what was learned as well. */
    public Redaction withLearned() {
        Redaction known = learned;
        return known == null ? this : known;
    }

    /**
     * Returns a redaction that also hides the credentials of one call.
     *
     * @param added alternating names and values that operators have put into the call's headers, such as a token that
     *     was exchanged for the secret
     * @param planned alternating names and values of the request's own headers; only values whose name suggests a
     *     secret are hidden
     * @param credential the texts of the credential that the call carries, hidden whatever their length
     */
    public Redaction with(List<String> added, List<String> planned, List<String> credential) {
        Set<String> all = new LinkedHashSet<>(secrets);
        all.addAll(credential);
        for (int i = 1; i < added.size(); i += 2) {
            addCredential(added.get(i), all);
        }
        for (int i = 1; i < planned.size(); i += 2) {
            if (SecretMembers.isSecret(planned.get(i - 1))) {
                addCredential(planned.get(i), all);
            }
        }
        if (all.size() == secrets.size()) {
            return this;
        }
        List<String> known = List.copyOf(all);
        Redaction last = ofLastCall;
        if (last == null || !last.secrets.equals(known)) {
            last = new Redaction(known);
            ofLastCall = last;
        }
        return last;
    }

    /**
     * Adds the credential after the scheme of a header value. For Basic, also adds the decoded user and password, and
     * the password alone.
     */
    private static void addCredential(String header, Set<String> all) {
        String value = header.substring(header.lastIndexOf(' ') + 1);
        if (value.length() >= SHORTEST_TOKEN) {
            all.add(value);
        }
        if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            try {
                String decoded = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
                for (String part : List.of(
                        decoded,
                        decoded.substring(decoded.indexOf(':') + 1),
                        decoded.substring(decoded.lastIndexOf(':') + 1))) {
                    if (part.length() >= SHORTEST_PASSWORD) {
                        all.add(part);
                    }
                }
            } catch (IllegalArgumentException notBase64) {
                // not Base64: only the encoded value is hidden
            }
        }
    }

    /** Returns whether a member, field or header of that name holds a secret, such as {@code password}. */
    public static boolean isSecretName(String name) {
        return SecretMembers.isSecret(name);
    }

    /** Returns the first 2 KiB of a body as redacted text. */
    public String excerpt(ByteBuf body) {
        return excerpt(body, EXCERPT);
    }

    /** Returns the first bytes of a body as redacted text. */
    public String excerpt(ByteBuf body, int bytes) {
        int length = Math.min(body.readableBytes(), bytes);
        String text = body.toString(body.readerIndex(), length, StandardCharsets.UTF_8);
        String clean = SecretMembers.masked(spellings.masked(text));
        return length < body.readableBytes() ? clean + "… (" + body.readableBytes() + " bytes in all)" : clean;
    }

    /** Returns the text with the secrets masked, and otherwise as it is. */
    public String masked(String text) {
        return spellings.masked(text);
    }

    /** Returns a server's message as one redacted line of at most 300 characters. */
    public String line(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), LINE));
        String clean = SecretMembers.pairs(spellings.masked(text));
        for (int i = 0; i < clean.length() && i < LINE; i++) {
            char c = clean.charAt(i);
            line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
        }
        return clean.length() > LINE ? line.append('…').toString() : line.toString();
    }
}
