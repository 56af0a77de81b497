package io.penstock.cli;

import io.penstock.auth.CredentialScheme;
import io.penstock.body.Payload;
import io.penstock.http.Method;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments of {@code call} that make an {@link ApiRequest}. */
final class RequestOptions {

    private static final Set<String> CREDENTIALS = Set.of("authorization", "proxy-authorization", "cookie");

    @Parameters(index = "0", paramLabel = "vendor", description = "One of those that penstock vendors lists.")
    private String vendor = "";

    @Parameters(index = "1", paramLabel = "METHOD", description = "GET, HEAD, OPTIONS, PUT, DELETE, POST or PATCH.")
    private String method = "";

    @Parameters(
            index = "2",
            paramLabel = "path",
            description = "Below the vendor's base URI (scans), or from the root of its origin (/v1/scans).")
    private String path = "";

    @Option(names = "--query", paramLabel = "NAME=VALUE", description = "A query parameter; may be repeated.")
    private List<String> query = new ArrayList<>();

    @Option(names = "--header", paramLabel = "NAME:VALUE", description = "A request header; may be repeated.")
    private List<String> headers = new ArrayList<>();

    @Option(names = "--body", paramLabel = "JSON|@FILE", description = "The body: JSON, or @ and a file that holds it.")
    private @Nullable String body;

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "Names the effect, so that a POST can be sent again after a lost answer.")
    private @Nullable String key;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            description = "Total time with all retries and waits: 500ms, 30s, 2m, PT30S (60s unless given).")
    private @Nullable String deadline;

    /** Returns the id of the vendor. */
    String vendor() {
        return vendor;
    }

    ApiRequest<?> request(CredentialScheme credential) {
        ApiRequest<?> request = ApiRequest.of(method(), path());
        for (String parameter : query) {
            request = withQuery(request, parameter, credential);
        }
        for (String header : headers) {
            request = withHeader(request, header, credential);
        }
        if (body != null) {
            request = request.body(JsonText.body(body));
        }
        if (key != null) {
            request = request.idempotencyKey(IdempotencyKey.of(key));
        }
        if (deadline != null) {
            request = request.deadline(DurationText.parse("--deadline", deadline));
        }
        // The response to a HEAD has no body (RFC 9110 §9.3.2), so there is nothing to decode.
        return request.method() == Method.HEAD ? request.as(Payload.none()) : request;
    }

    private Method method() {
        try {
            return Method.valueOf(method.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            String known = String.join(
                    ", ", Arrays.stream(Method.values()).map(Method::name).toList());
            throw BadArgument.of("method", method, "unknown", "one of " + known);
        }
    }

    private String path() {
        return plainPath(path);
    }

    /** Returns the path unchanged. Rejects a path with a query or a placeholder. */
    static String plainPath(String path) {
        if (path.indexOf('?') >= 0) {
            throw BadArgument.of("path", path, "holds a query", "the path alone, and --query NAME=VALUE");
        }
        if (path.indexOf('{') >= 0 && path.indexOf('}') >= 0) {
            throw BadArgument.of("path", path, "holds a placeholder", "the value in its place");
        }
        return path;
    }

    static <T> ApiRequest<T> withQuery(ApiRequest<T> request, String parameter, CredentialScheme credential) {
        int equals = parameter.indexOf('=');
        if (equals < 1) {
            throw BadArgument.of(
                    "--query",
                    parameter,
                    equals < 0 ? "no \"=\"" : "no name before \"=\"",
                    "NAME=VALUE, such as limit=10");
        }
        String name = parameter.substring(0, equals);
        if (credential.parameters().contains(name)) {
            throw new BadArgument("--query " + name + ": holds a credential, and arguments are no place for one"
                    + " (expected: the secret in an environment variable or in a file named with --secret-file)");
        }
        return request.query(name, parameter.substring(equals + 1));
    }

    static <T> ApiRequest<T> withHeader(ApiRequest<T> request, String header, CredentialScheme credential) {
        int colon = header.indexOf(':');
        if (colon < 1) {
            throw BadArgument.of(
                    "--header",
                    header,
                    colon < 0 ? "no \":\"" : "no name before \":\"",
                    "NAME:VALUE, such as accept-language:de");
        }
        String name = header.substring(0, colon);
        if (name.equalsIgnoreCase(credential.header()) || CREDENTIALS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new BadArgument("--header " + name + ": holds a credential, and arguments are no place for one"
                    + " (expected: the secret in an environment variable or in a file named with --secret-file)");
        }
        return request.header(name, withoutBlanks(header.substring(colon + 1)));
    }

    /** Removes blanks and tabs around a value (RFC 9110 §5.5). A line break stays and is rejected later. */
    private static String withoutBlanks(String value) {
        return value.replaceAll("^[ \t]+|[ \t]+$", "");
    }
}
