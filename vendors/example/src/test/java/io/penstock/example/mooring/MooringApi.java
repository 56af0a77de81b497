package io.penstock.example.mooring;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.penstock.example.ExampleSimulator;
import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.PathTemplate;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.Simulator;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The behaviour of Mooring, written from its documentation, without the vendor module's code. */
final class MooringApi implements SimulatedApi {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int PAGE_SIZE = 2;
    private static final PathTemplate ONE = PathTemplate.of("/v1/bookings/{id}");

    private final String key;
    private final EffectLedger effects;
    private final Map<String, ObjectNode> bookings = new LinkedHashMap<>();
    private final Map<String, Placed> byKey = new HashMap<>();
    private int requests;

    private record Placed(String form, ObjectNode booking) {}

    /** Starts a simulator. */
    static Simulator start() {
        return new ExampleSimulator("mooring", "mk_4711c0ffee4711c0ffee", "/v1", MooringApi::new);
    }

    MooringApi(String key, EffectLedger effects) {
        this.key = key;
        this.effects = effects;
        for (int i = 1; i <= 5; i++) {
            enter("b" + i, i);
        }
    }

    private ObjectNode enter(String berth, int nights) {
        String id = "bk_" + (bookings.size() + 1);
        ObjectNode booking =
                JSON.createObjectNode().put("id", id).put("berth", berth).put("nights", nights);
        bookings.put(id, booking);
        return booking;
    }

    @Override
    public synchronized SimulatedResponse answer(LoggedRequest request) {
        return routed(request).withHeader("Request-Id", "req_" + ++requests);
    }

    @Override
    public SimulatedResponse error(LoggedRequest request, int status) {
        return switch (status) {
            case 401 -> refusal(401, "key_expired", null);
            case 429 -> refusal(429, "rate_limit", null);
            default -> refusal(status, "error_" + status, null);
        };
    }

    private SimulatedResponse routed(LoggedRequest request) {
        String expected = "Basic " + Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8));
        if (!expected.equals(request.header("authorization"))) {
            return refusal(401, "key_expired", null);
        }
        String route = request.method() + " " + request.path();
        if (route.equals("GET /v1/bookings")) {
            return page(request.query("starting_after"));
        }
        if (route.equals("POST /v1/bookings")) {
            return book(request);
        }
        Map<String, String> one = ONE.match(request.path());
        ObjectNode booking = one == null ? null : bookings.get(one.get("id"));
        return booking == null || !request.method().equals("GET")
                ? refusal(404, "no_such_booking", null)
                : json(200, booking);
    }

    private SimulatedResponse page(@Nullable String after) {
        List<String> ids = List.copyOf(bookings.keySet());
        int from = after == null ? 0 : ids.indexOf(after) + 1;
        if (after != null && from == 0) {
            return refusal(400, "parameter_invalid", "starting_after");
        }
        int to = Math.min(ids.size(), from + PAGE_SIZE);
        ObjectNode body = JSON.createObjectNode().put("has_more", to < ids.size());
        ArrayNode data = body.putArray("data");
        ids.subList(from, to).forEach(id -> data.add(bookings.get(id)));
        return json(200, body);
    }

    private SimulatedResponse book(LoggedRequest request) {
        String idempotencyKey = request.header("idempotency-key");
        Placed placed = idempotencyKey == null ? null : byKey.get(idempotencyKey);
        if (placed != null) {
            return placed.form().equals(request.body())
                    ? json(200, placed.booking()).withHeader("Idempotent-Replayed", "true")
                    : refusal(422, "key_mismatch", null);
        }
        if (!"application/x-www-form-urlencoded".equals(request.header("content-type"))) {
            return refusal(415, "parameter_invalid", null);
        }
        Map<String, List<String>> form = new QueryStringDecoder(request.body(), false).parameters();
        for (String required : List.of("berth", "nights", "guest[name]")) {
            if (!form.containsKey(required)) {
                return refusal(400, "parameter_invalid", required);
            }
        }
        String berth = form.get("berth").get(0);
        if (berth.equals("taken")) {
            return refusal(409, "berth_taken", "berth");
        }
        ObjectNode booking = enter(berth, Integer.parseInt(form.get("nights").get(0)));
        effects.enter("POST /v1/bookings", booking.path("id").asString(), idempotencyKey);
        if (idempotencyKey != null) {
            byKey.put(idempotencyKey, new Placed(request.body(), booking));
        }
        return json(200, booking);
    }

    static SimulatedResponse refusal(int status, String code, @Nullable String param) {
        return SimulatedResponse.json(status, body(code, param)).withHeader("Mooring-Should-Retry", "false");
    }

    static String body(String code, @Nullable String param) {
        ObjectNode error = JSON.createObjectNode().put("code", code).put("message", "Text.");
        if (param != null) {
            error.put("param", param);
        }
        ObjectNode body = JSON.createObjectNode();
        body.set("error", error);
        return JSON.writeValueAsString(body);
    }

    private static SimulatedResponse json(int status, ObjectNode body) {
        return SimulatedResponse.json(status, JSON.writeValueAsString(body));
    }
}
