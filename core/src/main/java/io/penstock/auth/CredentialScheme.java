package io.penstock.auth;

import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.http.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The placement of an API's credential: its headers, and how they hold the secret.
 *
 * @param headers the names of the headers: one, unless the secret has {@linkplain Form#PARTS parts}
 * @param prefix the text before the secret, including its space; empty for the raw secret
 * @param form how the header holds the secret
 * @param visibleCharacters how many characters of a secret the vendor itself shows to tell keys apart; 0 for none
 * @param exchange the exchange of the secret for the token that goes into the header; null if the secret itself goes
 *     there
 */
public record CredentialScheme(
        List<String> headers,
        String prefix,
        Form form,
        int visibleCharacters,
        @Nullable TokenExchange exchange) {

    /** The forms in which headers hold a secret. */
    public enum Form {

        /** As it is. */
        PLAIN,

        /** {@code user:password} in Base64 (RFC 7617). */
        BASIC,

        /** The secret as the user of a Basic credential with an empty password, in Base64. */
        BASIC_USER,

        /** In parts, separated by colons, one for each header. The last part may have colons itself. */
        PARTS
    }

    /** Checks the names; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
    public CredentialScheme {
        headers = headers.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        if (headers.isEmpty()
                || headers.stream().anyMatch(String::isBlank)
                || headers.stream().distinct().count() != headers.size()) {
            throw ApiException.invalidConfiguration(
                    "credential: headers " + headers + " (expected: at least one name, none of them twice)");
        }
    }

    private static CredentialScheme of(Form form, String prefix, String... headers) {
        return new CredentialScheme(List.of(headers), prefix, form, 0, null);
    }

    /** Returns the scheme {@code Authorization: Bearer <secret>} (RFC 6750 §2.1). */
    public static CredentialScheme bearer() {
        return of(Form.PLAIN, "Bearer ", "authorization");
    }

    /** Returns the scheme {@code Authorization: Basic …} of a secret that is {@code user:password} (RFC 7617). */
    public static CredentialScheme basic() {
        return of(Form.BASIC, "Basic ", "authorization");
    }

    /** Returns the scheme {@code Authorization: Basic …} with the secret as the user and an empty password. */
    public static CredentialScheme basicUser() {
        return of(Form.BASIC_USER, "Basic ", "authorization");
    }

    /** Returns a scheme whose header holds the raw secret. */
    public static CredentialScheme header(String name) {
        return of(Form.PLAIN, "", name);
    }

    /** Returns a scheme whose header holds the secret after a prefix, such as {@code ApiKey } with its space. */
    public static CredentialScheme header(String name, String prefix) {
        return of(Form.PLAIN, prefix, name);
    }

    /**
     * Returns a scheme for a secret of several parts, each in a header of its own. The secret is the parts in the order of
     * the headers, separated by colons: {@code application-id:key}.
     */
    public static CredentialScheme headers(String... names) {
        return of(Form.PARTS, "", names);
    }

    /** Returns the name of the first header. */
    public String header() {
        return headers.get(0);
    }

    /**
     * Returns alternating names and checked values of the headers.
     *
     * @throws ApiException INVALID_REQUEST if a header cannot carry the secret; the message never quotes it
     */
    List<String> pairWith(Secret secret) {
        String text = secret.reveal();
        Headers.checkSendable(header(), text); // after a prefix a blank would be legal, but no key has one
        String problem = problemOf(secret);
        if (problem != null) {
            throw ApiException.invalidRequest(problem);
        }
        List<String> values = switch (form) {
            case PLAIN -> List.of(prefix + text);
            case BASIC -> List.of(prefix + base64(text));
            case BASIC_USER -> List.of(prefix + base64(text + ":"));
            case PARTS -> Stream.of(parts(text)).map(part -> prefix + part).toList();
        };
        List<String> pairs = new ArrayList<>(2 * values.size());
        for (int i = 0; i < values.size(); i++) {
            Headers.checkSendable(headers.get(i), values.get(i));
            pairs.add(headers.get(i));
            pairs.add(values.get(i));
        }
        return List.copyOf(pairs);
    }

    /** Returns why a secret does not have the form, or null if it has. */
    @Nullable
    String problemOf(Secret secret) {
        String text = secret.reveal();
        if (form == Form.BASIC && text.indexOf(':') < 0) {
            return "secret: no colon (expected: user:password; a key alone is the user of CredentialScheme.basicUser())";
        }
        String[] parts = form == Form.PARTS ? parts(text) : new String[0];
        if (form == Form.PARTS
                && (parts.length != headers.size() || Stream.of(parts).anyMatch(String::isBlank))) {
            return "secret: not of " + headers.size() + " parts (expected: one for each of the headers " + headers
                    + ", separated by colons)";
        }
        return null;
    }

    private String[] parts(String text) {
        return text.split(":", headers.size());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a copy that exchanges the secret for a token, which goes into the first header as it is. */
    public CredentialScheme exchangedBy(TokenExchange newExchange) {
        return new CredentialScheme(headers, prefix, form, visibleCharacters, newExchange);
    }

    /** Returns a copy for a vendor that shows this many characters of a secret. */
    public CredentialScheme showing(int newVisibleCharacters) {
        return new CredentialScheme(headers, prefix, form, newVisibleCharacters, exchange);
    }

    /** Returns the headers and the prefixes, with a word in place of the secret. */
    String describe(String word) {
        return String.join(
                ", ", headers.stream().map(name -> name + ": " + prefix + word).toList());
    }
}
