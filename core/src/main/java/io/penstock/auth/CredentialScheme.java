package io.penstock.auth;

import java.util.Locale;

/**
 * Where an API wants its credential: a header, and what stands before the secret.
 *
 * @param header the header's name
 * @param prefix what stands before the secret, with its space; empty for the raw secret
 * @param visibleCharacters how many characters of a secret the vendor itself shows, to tell keys apart; 0 for none
 */
public record CredentialScheme(String header, String prefix, int visibleCharacters) {

    /** {@code Authorization: Bearer <secret>} (RFC 6750 §2.1). */
    public static CredentialScheme bearer() {
        return new CredentialScheme("authorization", "Bearer ", 0);
    }

    /** A header of its own that holds the raw secret. */
    public static CredentialScheme header(String name) {
        return new CredentialScheme(name.toLowerCase(Locale.ROOT), "", 0);
    }

    /** The same scheme, where the vendor shows that many characters of a secret. */
    public CredentialScheme showing(int newVisibleCharacters) {
        return new CredentialScheme(header, prefix, newVisibleCharacters);
    }
}
