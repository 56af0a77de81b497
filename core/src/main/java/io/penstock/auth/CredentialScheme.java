package io.penstock.auth;

import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.http.RawQuery;
import io.penstock.http.Secret;
import io.penstock.pipeline.SentCredential;
import io.penstock.request.Plan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The placement of an API's credential: its headers or query parameters, and how they hold the secret.
 *
 * @param names the names of the headers or query parameters: one, unless the secret has parts
 * @param prefix the text before the secret, including its space; empty for the raw secret
 * @param form how they hold the secret
 * @param visibleCharacters how many characters of a secret the vendor itself shows to tell keys apart; 0 for none
 * @param exchange the exchange of the secret for the token that goes there; null if the secret itself does
 */
public record CredentialScheme(
        List<String> names,
        String prefix,
        Form form,
        int visibleCharacters,
        @Nullable TokenExchange exchange) {

    /** The forms in which a request holds a secret. */
    public enum Form {

        /** As it is. */
        PLAIN,

        /** {@code user:password} in Base64 (RFC 7617). */
        BASIC,

        /** The secret as the user of a Basic credential with an empty password, in Base64. */
        BASIC_USER,

        /** In parts, separated by colons, one for each header. The last part may have colons itself. */
        PARTS,

        /** As it is, percent-encoded, in a query parameter; in parts as above if there are several parameters. */
        QUERY
    }

    /** Shorter parts of a secret are words, not secrets. */
    private static final int SHORTEST_PART = 6;

    /** Checks the names; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
    public CredentialScheme {
        names = form == Form.QUERY
                ? List.copyOf(names)
                : names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        if (names.isEmpty()
                || names.stream().anyMatch(String::isBlank)
                || names.stream().distinct().count() != names.size()) {
            throw ApiException.invalidConfiguration("credential: " + (form == Form.QUERY ? "parameters " : "headers ")
                    + names + " (expected: at least one name, none of them twice)");
        }
    }

    private static CredentialScheme of(Form form, String prefix, String... names) {
        return new CredentialScheme(List.of(names), prefix, form, 0, null);
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

    /**
     * Returns a scheme whose secret is a query parameter: {@code ?api_key=…}. It is sent to the API's own origin only, is
     * taken out of a redirect or a link that a server has copied it into, and no log, journey or resume token holds it.
     * Logs of servers and of intermediaries often hold it: prefer a header if the API takes one.
     *
     * @param names the name of the parameter; several for a secret of several parts, separated by colons
     */
    public static CredentialScheme query(String... names) {
        return of(Form.QUERY, "", names);
    }

    /** Returns the names of the headers; none if the secret goes into the query. */
    public List<String> headers() {
        return form == Form.QUERY ? List.of() : names;
    }

    /** Returns the names of the query parameters; none if the secret goes into headers. */
    public List<String> parameters() {
        return form == Form.QUERY ? names : List.of();
    }

    /** Returns the name of the first header, or else of the first query parameter. */
    public String header() {
        return names.get(0);
    }

    /**
     * Returns the secret in the form in which it is sent.
     *
     * @throws ApiException INVALID_REQUEST if it cannot be sent; the message never quotes it
     */
    SentCredential carrying(Secret secret) {
        List<String> pairs = pairWith(secret);
        boolean inQuery = form == Form.QUERY;
        return new SentCredential(
                secret,
                inQuery ? List.of() : pairs,
                parameters(),
                inQuery ? RawQuery.of(pairs) : null,
                texts(secret.reveal()));
    }

    /** Returns the secret in the form in which it is sent with a request, see {@link #checkNoneOf}. */
    SentCredential carrying(Secret secret, Plan plan) {
        checkNoneOf(plan);
        return carrying(secret);
    }

    /**
     * Checks that a request does not hold a query parameter that the secret goes into.
     *
     * @throws ApiException INVALID_REQUEST if it does
     */
    void checkNoneOf(Plan plan) {
        String given = form == Form.QUERY ? RawQuery.firstOf(names, plan.uri().getRawQuery()) : null;
        if (given != null) {
            throw ApiException.invalidRequest("query parameter " + given
                    + ": given beside the credential, which goes there (expected: a request without it; another key is"
                    + " given as credential(secret))");
        }
    }

    /** Returns the secret, and those of its parts that are no words. */
    private List<String> texts(String secret) {
        List<String> texts = new ArrayList<>(List.of(secret));
        for (String part : names.size() == 1 ? new String[0] : parts(secret)) {
            if (part.length() >= SHORTEST_PART) {
                texts.add(part);
            }
        }
        return List.copyOf(texts);
    }

    /**
     * Returns alternating names and checked values of the headers or parameters.
     *
     * @throws ApiException INVALID_REQUEST if they cannot carry the secret; the message never quotes it
     */
    List<String> pairWith(Secret secret) {
        String text = secret.reveal();
        if (form != Form.QUERY) {
            Headers.checkSendable(header(), text); // after a prefix a blank would be legal, but no key has one
        }
        String problem = problemOf(secret);
        if (problem != null) {
            throw ApiException.invalidRequest(problem);
        }
        List<String> values = switch (form) {
            case PLAIN -> List.of(prefix + text);
            case BASIC -> List.of(prefix + base64(text));
            case BASIC_USER -> List.of(prefix + base64(text + ":"));
            case PARTS, QUERY ->
                Stream.of(parts(text)).map(part -> prefix + part).toList();
        };
        List<String> pairs = new ArrayList<>(2 * values.size());
        for (int i = 0; i < values.size(); i++) {
            if (form != Form.QUERY) {
                Headers.checkSendable(names.get(i), values.get(i));
            }
            pairs.add(names.get(i));
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
        boolean inParts = form == Form.PARTS || form == Form.QUERY;
        String[] parts = inParts ? parts(text) : new String[0];
        if (inParts && (parts.length != names.size() || Stream.of(parts).anyMatch(String::isBlank))) {
            return "secret: not of " + names.size() + " parts (expected: one for each of the "
                    + (form == Form.QUERY ? "parameters " : "headers ") + names + ", separated by colons)";
        }
        return null;
    }

    private String[] parts(String text) {
        return text.split(":", names.size());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a copy that exchanges the secret for a token, which goes to the first of the names as it is. */
    public CredentialScheme exchangedBy(TokenExchange newExchange) {
        return new CredentialScheme(names, prefix, form, visibleCharacters, newExchange);
    }

    /** Returns a copy for a vendor that shows this many characters of a secret. */
    public CredentialScheme showing(int newVisibleCharacters) {
        return new CredentialScheme(names, prefix, form, newVisibleCharacters, exchange);
    }

    /** Returns the headers with their prefixes, or the query, with a word in place of the secret. */
    String describe(String word) {
        return form == Form.QUERY
                ? names.stream().map(name -> name + "=" + word).collect(Collectors.joining("&", "query ?", ""))
                : names.stream().map(name -> name + ": " + prefix + word).collect(Collectors.joining(", "));
    }
}
