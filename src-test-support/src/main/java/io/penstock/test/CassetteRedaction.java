package io.penstock.test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.http.Headers;
import io.penstock.redaction.Redaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The removal of secrets from a recorded run: of headers, only those of a list keep their values; in paths, queries and
 * bodies, every secret of the run is masked in all its spellings, and so is each value whose name suggests a secret.
 */
final class CassetteRedaction {

    /** Headers that hold no credential in any API, and that decide how an answer is read. */
    static final Set<String> KEPT_HEADERS = Set.of(
            "accept",
            "accept-ranges",
            "age",
            "allow",
            "cache-control",
            "content-disposition",
            "content-encoding",
            "content-length",
            "content-range",
            "content-type",
            "date",
            "etag",
            "expires",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-unmodified-since",
            "last-modified",
            "link",
            "location",
            "prefer",
            "range",
            "ratelimit",
            "ratelimit-limit",
            "ratelimit-policy",
            "ratelimit-remaining",
            "ratelimit-reset",
            "request-id",
            "retry-after",
            "retry-after-ms",
            "vary",
            "x-correlation-id",
            "x-rate-limit-limit",
            "x-rate-limit-remaining",
            "x-rate-limit-reset",
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-reset",
            "x-ratelimit-resource",
            "x-ratelimit-used",
            "x-request-id",
            "x-should-retry");

    /** Headers that describe the connection, which a cassette does not have. */
    private static final Set<String> LEFT_OUT = Set.of("connection", "keep-alive", "transfer-encoding", "host", "te");

    private static final String MASK = CassetteBody.MASK;
    /** Shorter header values are words, not secrets. */
    private static final int SHORTEST_TOKEN = 8;

    private static final int SHORTEST_PASSWORD = 6;
    private static final String BASIC = "basic ";

    /** The longest first: a secret that begins another one would leave the rest of it. */
    private final NavigableMap<String, Redaction> redactions =
            new TreeMap<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    private final Set<String> keptHeaders;
    private final Set<String> keptFields;

    /** Creates a redaction. The secrets are added before anything is masked. */
    CassetteRedaction(Set<String> keptHeaders, Set<String> keptFields) {
        this.keptHeaders = keptHeaders;
        this.keptFields = keptFields;
    }

    void addSecret(String secret) {
        if (!secret.isEmpty()) {
            redactions.computeIfAbsent(secret, Redaction::new);
        }
    }

    /** Adds the credentials in headers that operators have added, and in those whose name suggests a secret. */
    void addCredentials(List<String> added, List<String> planned) {
        for (int i = 1; i < added.size(); i += 2) {
            addCredential(added.get(i));
        }
        for (int i = 1; i < planned.size(); i += 2) {
            if (Redaction.isSecretName(planned.get(i - 1))) {
                addCredential(planned.get(i));
            }
        }
    }

    private void addCredential(String header) {
        String value = header.substring(header.lastIndexOf(' ') + 1);
        if (value.length() >= SHORTEST_TOKEN) {
            addSecret(value);
        }
        if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            try {
                String decoded = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
                for (String part : List.of(decoded, decoded.substring(decoded.indexOf(':') + 1))) {
                    if (part.length() >= SHORTEST_PASSWORD) {
                        addSecret(part);
                    }
                }
            } catch (IllegalArgumentException notBase64) {
                // not Base64: only the encoded value is hidden
            }
        }
    }

    /** Returns whether a text holds one of the secrets verbatim. */
    boolean isRevealedBy(String text) {
        return redactions.keySet().stream().anyMatch(text::contains);
    }

    /** Returns a text without the secrets. */
    String masked(String text) {
        String clean = text;
        for (Redaction redaction : redactions.values()) {
            clean = redaction.masked(clean);
        }
        return clean;
    }

    /** Returns a text without the secrets and without the values whose name suggests one, as in a form. */
    private String maskedPairs(String text) {
        ByteBuf bytes = Unpooled.wrappedBuffer(masked(text).getBytes(StandardCharsets.UTF_8));
        return new Redaction(null).excerpt(bytes, bytes.readableBytes());
    }

    /** Returns the headers of a request as a cassette keeps them. */
    List<String> headers(List<String> namesAndValues) {
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            add(namesAndValues.get(i), namesAndValues.get(i + 1), kept);
        }
        return kept;
    }

    /** Returns the headers of an answer as a cassette keeps them. */
    List<String> headers(Headers headers) {
        List<String> kept = new ArrayList<>();
        headers.names().forEach(name -> headers.all(name).forEach(value -> add(name, value, kept)));
        return kept;
    }

    private void add(String name, String value, List<String> kept) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!LEFT_OUT.contains(lower)) {
            kept.add(lower);
            kept.add(keptHeaders.contains(lower) ? maskedPairs(value) : MASK);
        }
    }

    /** Returns a query whose secret parameters are masked. */
    String query(String query) {
        if (query.isEmpty()) {
            return query;
        }
        List<String> pairs = new ArrayList<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            pairs.add(equals < 0 || !isSecretName(name) ? masked(pair) : masked(name) + "=" + MASK);
        }
        return String.join("&", pairs);
    }

    private boolean isSecretName(String name) {
        return Redaction.isSecretName(name) && !keptFields.contains(name);
    }

    CassetteBody body(CassetteBody body) {
        return switch (body.form()) {
            case NONE, STREAMED -> body;
            case JSON -> new CassetteBody(body.form(), masked(body.value(), false));
            case TEXT ->
                new CassetteBody(
                        body.form(), StringNode.valueOf(maskedPairs(body.value().asString())));
            case BASE64 -> {
                String text = new String(body.bytes(), StandardCharsets.ISO_8859_1);
                yield isRevealedBy(text) ? new CassetteBody(CassetteBody.Form.TEXT, StringNode.valueOf(MASK)) : body;
            }
        };
    }

    private JsonNode masked(JsonNode node, boolean secret) {
        if (node instanceof ObjectNode object) {
            ObjectNode clean = Cassette.JSON.createObjectNode();
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                clean.set(masked(member.getKey()), masked(member.getValue(), secret || isSecretName(member.getKey())));
            }
            return clean;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode clean = Cassette.JSON.createArrayNode();
            array.forEach(item -> clean.add(masked(item, secret)));
            return clean;
        }
        if (secret && (node.isString() || node.isNumber())) {
            return StringNode.valueOf(MASK);
        }
        if (!node.isString()) {
            return node;
        }
        String text = node.asString();
        return StringNode.valueOf(text.contains("://") ? maskedPairs(text) : masked(text)); // addresses may be signed
    }
}
