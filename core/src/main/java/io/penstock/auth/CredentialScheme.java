package io.penstock.auth;

import io.penstock.http.Headers;
import io.penstock.http.Secret;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where an API wants its credential: a header, and what stands before the secret.
 *
 * @param header the header's name
 * @param prefix what stands before the secret, with its space; empty for the raw secret
 * @param visibleCharacters how many characters of a secret the vendor itself shows, to tell keys apart; 0 for none
 * @param exchange how the secret is exchanged for the token that goes into the header; null if it goes there itself
 */
public record CredentialScheme(
        String header,
        String prefix,
        int visibleCharacters,
        @Nullable TokenExchange exchange) {

    /** {@code Authorization: Bearer <secret>} (RFC 6750 §2.1). */
    public static CredentialScheme bearer() {
        return new CredentialScheme("authorization", "Bearer ", 0, null);
    }

    /** A header of its own that holds the raw secret. */
    public static CredentialScheme header(String name) {
        return new CredentialScheme(name.toLowerCase(Locale.ROOT), "", 0, null);
    }

    /** A header that holds the secret behind a word, such as {@code ApiKey } with its space. */
    public static CredentialScheme header(String name, String prefix) {
        return new CredentialScheme(name.toLowerCase(Locale.ROOT), prefix, 0, null);
    }

    /**
     * Returns the header's name and its checked value.
     *
     * @throws io.penstock.error.ApiException INVALID_REQUEST if the secret cannot stand there; the message never quotes it
     */
    List<String> pairWith(Secret secret) {
        Headers.checkSendable(header, secret.reveal()); // behind a prefix a blank would be legal, and part of no key
        String value = prefix + secret.reveal();
        Headers.checkSendable(header, value);
        return List.of(header, value);
    }

    /** The same scheme, with a token that the secret is exchanged for. */
    public CredentialScheme exchangedBy(TokenExchange newExchange) {
        return new CredentialScheme(header, prefix, visibleCharacters, newExchange);
    }

    /** The same scheme, where the vendor shows that many characters of a secret. */
    public CredentialScheme showing(int newVisibleCharacters) {
        return new CredentialScheme(header, prefix, newVisibleCharacters, exchange);
    }
}
