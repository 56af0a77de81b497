package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.SimulatedResponse;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code GET /}: the address of each resource, including the WebSockets, which are listed but not served. Undocumented:
 * that the placeholders in {@code href} are those of the contract, and the paths of the WebSockets.
 */
final class Discovery {

    private final IxonRules rules;
    private final URI foreignOrigin;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    Discovery(IxonRules rules, Contract contract, URI foreignOrigin) {
        this.rules = rules;
        this.foreignOrigin = foreignOrigin;
        for (Operation operation : contract.operations()) {
            Entry entry = entries.computeIfAbsent(operation.template(), template -> new Entry(operation));
            entry.methods.add(operation.method());
        }
    }

    SimulatedResponse answer(Call call) {
        String host = call.request().header("host");
        String authority = rules.foreignDiscovery() || host == null ? foreignOrigin.getAuthority() : host;
        ArrayNode list = Json.array();
        entries.forEach((template, entry) ->
                list.add(json(entry.relation, "http://" + authority + rules.basePath() + template, entry.methods)));
        ArrayNode get = Json.array().add("GET");
        list.add(json("ChangeNotificationWebSocket", "ws://" + authority + "/cns", get));
        list.add(json("AgentDataRealTimeWebSocket", "ws://" + authority + "/agent-data", get));
        ObjectNode envelope = Envelope.json(call, list);
        return Json.response(call.operation().successStatus(), envelope);
    }

    private static ObjectNode json(String relation, String href, ArrayNode methods) {
        ObjectNode json = Json.object().put("rel", relation).put("href", href);
        json.set("methods", methods);
        return json;
    }

    private static final class Entry {
        private final String relation;
        private final ArrayNode methods = Json.array();

        Entry(Operation operation) {
            relation = operation.relation();
        }
    }
}
