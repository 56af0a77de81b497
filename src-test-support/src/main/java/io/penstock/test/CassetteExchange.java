package io.penstock.test;

import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One request of a cassette with its outcome: an answer, a failure without one, or a failure behind the head of one.
 *
 * @param request the request
 * @param answer the answer; null if there was none
 * @param failure the failure; null if the answer was complete
 */
record CassetteExchange(
        Request request, @Nullable Answer answer, @Nullable Loss failure) {

    /**
     * A request.
     *
     * @param method the method
     * @param path the path as sent
     * @param query the query as sent; empty if there was none
     * @param headers the headers
     * @param body the body
     */
    record Request(String method, String path, String query, List<String> headers, CassetteBody body) {

        /** Returns method, path and the names of the query's parameters. */
        String describe() {
            return method + " " + path + (query.isEmpty() ? "" : "?" + query);
        }
    }

    /**
     * An answer.
     *
     * @param status the status
     * @param headers alternating names and values
     * @param body the body
     * @param cut whether the body broke off, or was not read to its end
     */
    record Answer(int status, List<String> headers, CassetteBody body, boolean cut) {

        Headers toHeaders() {
            return Headers.of(headers.toArray(new String[0]));
        }
    }

    /**
     * The failure of a request that got no answer, or none with a body.
     *
     * @param kind its kind
     * @param certainty what is known about the effect
     * @param message its message
     */
    record Loss(ErrorKind kind, Certainty certainty, String message) {}

    /** Reads an exchange. Throws IllegalArgumentException with the member that is wrong. */
    static CassetteExchange of(JsonNode json) {
        JsonNode asked = json.path("request");
        Request request = new Request(
                text(asked, "method"),
                text(asked, "path"),
                asked.path("query").asString(""),
                headers(asked.path("headers")),
                CassetteBody.of(asked));
        JsonNode answered = json.path("answer");
        JsonNode failed = json.path("failure");
        if (!answered.isObject() && !failed.isObject()) {
            throw new IllegalArgumentException("outcome: missing (expected: an answer or a failure)");
        }
        return new CassetteExchange(
                request,
                answered.isObject() ? answer(answered) : null,
                failed.isObject()
                        ? new Loss(
                                constant(ErrorKind.class, failed, "kind"),
                                constant(Certainty.class, failed, "certainty"),
                                text(failed, "message"))
                        : null);
    }

    private static Answer answer(JsonNode json) {
        int status = json.path("status").asInt(0);
        if (status < 100 || status > 599) {
            throw new IllegalArgumentException("status: " + json.path("status") + " (expected: 100 to 599)");
        }
        return new Answer(
                status,
                headers(json.path("headers")),
                CassetteBody.of(json),
                json.path("cut").asBoolean(false));
    }

    private static String text(JsonNode of, String member) {
        JsonNode value = of.path(member);
        if (!value.isString()) {
            throw new IllegalArgumentException(
                    member + ": " + (value.isMissingNode() ? "missing" : value) + " (expected: a string)");
        }
        return value.asString();
    }

    private static <E extends Enum<E>> E constant(Class<E> type, JsonNode of, String member) {
        String name = text(of, member);
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    member + ": " + name + " (expected: a constant of " + type.getSimpleName() + ")", e);
        }
    }

    private static List<String> headers(JsonNode json) {
        List<String> headers = new ArrayList<>();
        for (Map.Entry<String, JsonNode> header : json.properties()) {
            if (header.getValue().isArray()) {
                header.getValue().forEach(value -> headers.addAll(List.of(header.getKey(), value.asString(""))));
            } else {
                headers.addAll(List.of(header.getKey(), header.getValue().asString("")));
            }
        }
        return List.copyOf(headers);
    }

    ObjectNode toJson() {
        ObjectNode json = Cassette.JSON.createObjectNode();
        ObjectNode asked = json.putObject("request");
        asked.put("method", request.method()).put("path", request.path());
        if (!request.query().isEmpty()) {
            asked.put("query", request.query());
        }
        put(request.headers(), asked);
        request.body().putInto(asked);
        Answer answered = answer;
        Loss failed = failure;
        if (answered != null) {
            ObjectNode node = json.putObject("answer").put("status", answered.status());
            put(answered.headers(), node);
            answered.body().putInto(node);
            if (answered.cut()) {
                node.put("cut", true);
            }
        }
        if (failed != null) {
            json.putObject("failure")
                    .put("kind", failed.kind().name())
                    .put("certainty", failed.certainty().name())
                    .put("message", failed.message());
        }
        return json;
    }

    /** Adds the headers; the values of a name that occurs more than once are a list. */
    private static void put(List<String> headers, ObjectNode to) {
        if (headers.isEmpty()) {
            return;
        }
        ObjectNode node = to.putObject("headers");
        for (int i = 0; i < headers.size(); i += 2) {
            JsonNode before = node.get(headers.get(i));
            if (before == null) {
                node.put(headers.get(i), headers.get(i + 1));
            } else if (before instanceof ArrayNode list) {
                list.add(headers.get(i + 1));
            } else {
                node.putArray(headers.get(i)).add(before).add(headers.get(i + 1));
            }
        }
    }
}
