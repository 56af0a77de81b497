package io.penstock.example.tidewater;

import io.penstock.example.ExampleSimulator;
import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.PathTemplate;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.Simulator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The behaviour of Tidewater, written from its documentation, without the vendor module's code. */
final class TidewaterApi implements SimulatedApi {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> NAMES = List.of("Aber", "Brixham", "Cowes", "Dover", "Exmouth");
    private static final PathTemplate STATION = PathTemplate.of("/stations/{id}");
    private static final PathTemplate REPORT = PathTemplate.of("/reports/{id}");
    private static final int POLLS_UNTIL_READY = 2;
    private static final int MANY = 100_000;

    private final String key;
    private final EffectLedger effects;
    private final Map<String, Integer> polls = new HashMap<>();
    private int requests;

    /** Starts a simulator. */
    static Simulator start() {
        return new ExampleSimulator("tidewater", "tw_4711c0ffee4711c0ffee", "", TidewaterApi::new);
    }

    TidewaterApi(String key, EffectLedger effects) {
        this.key = key;
        this.effects = effects;
    }

    @Override
    public synchronized SimulatedResponse answer(LoggedRequest request) {
        requests++;
        String quota = request.path().startsWith("/reports") ? "reports" : "core";
        return routed(request)
                .withHeader("Tide-Request", "tide-" + requests)
                .withHeader("Tide-Quota", quota)
                .withHeader("X-RateLimit-Limit", Integer.toString(MANY))
                .withHeader("X-RateLimit-Remaining", Integer.toString(MANY - requests))
                .withHeader("X-RateLimit-Reset", Long.toString(System.currentTimeMillis() / 1000 + 3600));
    }

    @Override
    public SimulatedResponse error(LoggedRequest request, int status) {
        return SimulatedResponse.json(status, message(status == 429 ? "Slow down." : "Text."));
    }

    private SimulatedResponse routed(LoggedRequest request) {
        if (!("Bearer " + key).equals(request.header("authorization"))) {
            return SimulatedResponse.json(401, message("Bad key."));
        }
        String route = request.method() + " " + request.path();
        if (route.equals("GET /stations")) {
            return page(request);
        }
        if (route.equals("POST /reports")) {
            String id = "r" + (polls.size() + 1);
            polls.put(id, 0);
            effects.enter("POST /reports", id, null);
            return SimulatedResponse.json(202, "{\"id\":\"" + id + "\"}");
        }
        Map<String, String> station = STATION.match(request.path());
        if (station != null && request.method().equals("GET")) {
            return station(request, station.get("id"));
        }
        Map<String, String> report = REPORT.match(request.path());
        return report != null && polls.containsKey(report.get("id"))
                ? report(report.get("id"))
                : SimulatedResponse.json(404, message("There is no " + route + "."));
    }

    private static SimulatedResponse page(LoggedRequest request) {
        int size = number(request.query("per_page"), 3);
        int page = number(request.query("page"), 1);
        int to = Math.min(NAMES.size(), page * size);
        ArrayNode body = JSON.createArrayNode();
        for (int i = (page - 1) * size; i < to; i++) {
            body.add(station(i));
        }
        SimulatedResponse response = SimulatedResponse.json(200, JSON.writeValueAsString(body));
        String link = "http://" + request.header("host") + "/stations?per_page=" + size + "&page=";
        String first = "<" + link + "1>; rel=\"first\"";
        return response.withHeader(
                "Link", to < NAMES.size() ? "<" + link + (page + 1) + ">; rel=\"next\", " + first : first);
    }

    private static int number(String text, int otherwise) {
        return text == null ? otherwise : Integer.parseInt(text);
    }

    private static ObjectNode station(int index) {
        return JSON.createObjectNode().put("id", "s" + index).put("name", NAMES.get(index));
    }

    private static SimulatedResponse station(LoggedRequest request, String id) {
        int index = List.of("s0", "s1", "s2", "s3", "s4").indexOf(id);
        if (index < 0) {
            return SimulatedResponse.json(404, message("There is no such station."));
        }
        String tag = "\"" + id + "-1\"";
        return tag.equals(request.header("if-none-match"))
                ? SimulatedResponse.empty(304).withHeader("ETag", tag)
                : SimulatedResponse.json(200, JSON.writeValueAsString(station(index)))
                        .withHeader("ETag", tag);
    }

    private SimulatedResponse report(String id) {
        int seen = polls.merge(id, 1, Integer::sum);
        return seen <= POLLS_UNTIL_READY
                ? SimulatedResponse.json(202, "[\"being computed\"]")
                : SimulatedResponse.json(200, "{\"station\":\"s0\",\"highest\":5120}");
    }

    static String message(String text) {
        return JSON.writeValueAsString(JSON.createObjectNode().put("message", text));
    }
}
