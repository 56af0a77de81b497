package io.penstock.example;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FixedWindow;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.PathTemplate;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.SimulatedResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The behaviour of Lumen, written from its documentation, without the vendor module's code. */
final class LumenApi implements SimulatedApi {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int PAGE_SIZE = 2;
    private static final int STOCK = 10;
    private static final List<String> NAMES = List.of("Anglepoise", "Banker", "Candle", "Desk", "Eclisse");
    private static final PathTemplate ONE_LAMP = PathTemplate.of("/v1/lamps/{id}");

    private final Clock clock = Clock.systemUTC();
    private final Map<String, Placed> byKey = new HashMap<>();
    private final String secret;
    private final int perMinute;
    private final FixedWindow quota;
    private final EffectLedger effects;
    private int orders;

    private record Placed(String body, ObjectNode order) {}

    LumenApi(String secret, int perMinute, EffectLedger effects) {
        this.secret = secret;
        this.perMinute = perMinute;
        this.quota = new FixedWindow(perMinute, WINDOW, clock);
        this.effects = effects;
    }

    // guide: answer
    @Override
    public synchronized SimulatedResponse answer(LoggedRequest request) {
        if (!secret.equals(request.header("x-api-key"))) {
            return refusal(401, "bad_key", "No such key.");
        }
        long waitMillis = quota.admit(secret);
        SimulatedResponse answer = waitMillis == 0
                ? route(request)
                : refusal(429, "slow_down", "Too many requests.")
                        .withHeader("Retry-After", Long.toString((waitMillis + 999) / 1000));
        return answer.withHeader("X-RateLimit-Limit", Integer.toString(perMinute))
                .withHeader("X-RateLimit-Remaining", Integer.toString(quota.remaining(secret)))
                .withHeader("X-RateLimit-Reset", Long.toString(quota.endsAtMillis(secret) / 1000));
    }

    @Override
    public SimulatedResponse error(LoggedRequest request, int status) {
        return switch (status) {
            case 401 -> refusal(401, "bad_key", "No such key.");
            case 429 -> refusal(429, "slow_down", "Too many requests.").withHeader("Retry-After", "1");
            default -> refusal(status, "error_" + status, "Undocumented.");
        };
    }

    private static SimulatedResponse refusal(int status, String code, String reason) {
        return json(status, failure(code, reason));
    }
    // guide: end

    private SimulatedResponse route(LoggedRequest request) {
        String route = request.method() + " " + request.path();
        if (route.equals("GET /v1/lamps")) {
            return page(request.query("page"));
        }
        if (route.equals("POST /v1/orders")) {
            return order(request);
        }
        Map<String, String> one = ONE_LAMP.match(request.path());
        return one == null || !request.method().equals("GET")
                ? refusal(404, "no_such_route", "There is no " + route + ".")
                : lamp(one.get("id"));
    }

    private static SimulatedResponse page(String number) {
        int page = number == null ? 1 : Integer.parseInt(number);
        ObjectNode body = success().put("page", page).put("pages", (NAMES.size() + PAGE_SIZE - 1) / PAGE_SIZE);
        ArrayNode lamps = body.putArray("lamps");
        for (int i = (page - 1) * PAGE_SIZE; i < Math.min(page * PAGE_SIZE, NAMES.size()); i++) {
            lamps.add(lamp(i));
        }
        return json(200, body);
    }

    private static SimulatedResponse lamp(String id) {
        int index = indexOf(id);
        if (index < 0) {
            return refusal(200, "no_such_lamp", "There is no such lamp.");
        }
        ObjectNode body = success();
        body.set("lamp", lamp(index));
        return json(200, body);
    }

    private static ObjectNode lamp(int index) {
        return JSON.createObjectNode()
                .put("id", "lamp_" + index)
                .put("name", NAMES.get(index))
                .put("watts", 4 + index)
                .put("socket", "E27");
    }

    private static int indexOf(String id) {
        return List.of("lamp_0", "lamp_1", "lamp_2", "lamp_3", "lamp_4").indexOf(id);
    }

    private SimulatedResponse order(LoggedRequest request) {
        String key = request.header("idempotency-key");
        Placed placed = key == null ? null : byKey.get(key);
        if (placed != null) {
            return placed.body().equals(request.body())
                    ? placed(placed.order())
                    : refusal(422, "key_reused", "The key stands for another order.");
        }
        JsonNode body;
        try {
            body = JSON.readTree(request.body());
        } catch (JacksonException e) {
            return refusal(400, "bad_request", "Not JSON.");
        }
        if (indexOf(body.path("lamp_id").asString("")) < 0) {
            return refusal(200, "no_such_lamp", "There is no such lamp.");
        }
        if (body.path("quantity").asInt(0) > STOCK) {
            return json(200, failure("out_of_stock", "Not so many.").put("left", STOCK));
        }
        ObjectNode order = JSON.createObjectNode().put("id", "ord_" + ++orders);
        order.set("lamp_id", body.path("lamp_id"));
        order.set("quantity", body.path("quantity"));
        // guide: effect
        effects.enter("POST /v1/orders", "ord_" + orders, key);
        if (key != null) {
            byKey.put(key, new Placed(request.body(), order));
        }
        // guide: end
        return placed(order);
    }

    private static SimulatedResponse placed(ObjectNode order) {
        ObjectNode body = success();
        body.set("order", order);
        return json(201, body);
    }

    private static ObjectNode success() {
        return JSON.createObjectNode().put("ok", true);
    }

    private static ObjectNode failure(String code, String reason) {
        return JSON.createObjectNode().put("ok", false).put("code", code).put("reason", reason);
    }

    private static SimulatedResponse json(int status, ObjectNode body) {
        return SimulatedResponse.json(status, JSON.writeValueAsString(body));
    }
}
