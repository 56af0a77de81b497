package io.penstock.auth;

import io.penstock.http.Headers;
import io.penstock.http.Secret;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The placement of an API's credential: a header and the prefix before the secret.
 *
 * @param header the header's name
 * @param prefix the text before the secret, including its space; empty for the raw secret
 * @param visibleCharacters how many characters of a secret the vendor itself shows to tell keys apart; 0 for none
 * @param exchange the exchange of the secret for the token that goes into the header; null if the secret itself goes
 *     there
 */
public record CredentialScheme(
        String header,
        String prefix,
        int visibleCharacters,
        @Nullable TokenExchange exchange) {

    /** Returns the scheme {@code Authorization: Bearer <secret>} (RFC 6750 §2.1). */
    public static CredentialScheme bearer() {
        return new CredentialScheme("authorization", "Bearer ", 0, null);
    }

    /** Returns a scheme whose header holds the raw secret. */
    public static CredentialScheme header(String name) {
        return new CredentialScheme(name.toLowerCase(Locale.ROOT), "", 0, null);
    }

    /** Returns a scheme whose header holds the secret after a prefix, such as {@code ApiKey } with its space. */
    public static CredentialScheme header(String name, String prefix) {
        return new CredentialScheme(name.toLowerCase(Locale.ROOT), prefix, 0, null);
    }

    /**
     * Returns the header's name and its checked value.
     *
     * @throws io.penstock.error.ApiException INVALID_REQUEST if the header cannot carry the secret; the message never
     *     quotes it
     */
    List<String> pairWith(Secret secret) {
        Headers.checkSendable(header, secret.reveal()); // after a prefix a blank would be legal, but no key has one
        String value = prefix + secret.reveal();
        Headers.checkSendable(header, value);
        return List.of(header, value);
    }

    /** Returns a copy that exchanges the secret for a token. */
    public CredentialScheme exchangedBy(TokenExchange newExchange) {
        return new CredentialScheme(header, prefix, visibleCharacters, newExchange);
    }

    /** Returns a copy for a vendor that shows this many characters of a secret. */
    public CredentialScheme showing(int newVisibleCharacters) {
        return new CredentialScheme(header, prefix, newVisibleCharacters, exchange);
    }
}
