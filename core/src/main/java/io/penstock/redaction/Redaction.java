package io.penstock.redaction;

import io.netty.buffer.ByteBuf;
import io.penstock.annotation.Internal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** For the rooms that show text: makes text of a server or of a request fit to be shown: bounded, without control characters, without secrets. */
@Internal
public final class Redaction {

    private static final int EXCERPT = 2048;
    private static final int LINE = 300;
    /** Shorter values of headers are words, not secrets. */
    private static final int SHORTEST_TOKEN = 8;

    /** A part of a credential in Basic may be shorter than that. */
    private static final int SHORTEST_PASSWORD = 6;

    private static final String BASIC = "basic ";

    private final List<String> secrets;
    private final Spellings spellings;
    /** Most calls of a client have the same token. */
    private volatile @Nullable Redaction ofLastCall;

    /** With the client's own secret, or null if it has none. */
    public Redaction(@Nullable String ownSecret) {
        this(ownSecret == null ? List.of() : List.of(ownSecret));
    }

    private Redaction(List<String> secrets) {
        this.secrets = secrets;
        this.spellings = new Spellings(secrets);
    }

    /**
     * Returns a redaction that also hides the credentials of one call.
     *
     * @param added names and values that operators have put into its headers, such as a token that was exchanged for the secret
     * @param planned names and values of the request's own headers; those whose name speaks of a secret are hidden
     */
    public Redaction with(List<String> added, List<String> planned) {
        Set<String> all = new LinkedHashSet<>(secrets);
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

    /** What stands behind the word for its kind; of Basic also the user with the password, and the password alone. */
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
                // the value as it is has to do
            }
        }
    }

    /** Whether a member, field or header of that name holds what must not be shown, such as {@code password}. */
    public static boolean isSecretName(String name) {
        return SecretMembers.isSecret(name);
    }

    /** The first 2 KiB of a body as text. */
    public String excerpt(ByteBuf body) {
        return excerpt(body, EXCERPT);
    }

    /** The first bytes of a body as text. */
    public String excerpt(ByteBuf body, int bytes) {
        int length = Math.min(body.readableBytes(), bytes);
        String text = body.toString(body.readerIndex(), length, StandardCharsets.UTF_8);
        String clean = SecretMembers.masked(spellings.masked(text));
        return length < body.readableBytes() ? clean + "… (" + body.readableBytes() + " bytes in all)" : clean;
    }

    /** A server's message as one line of at most 300 characters. */
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
