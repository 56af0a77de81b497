package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.Store;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One {@code /ux/<path>/} and its objects. A PUT replaces the whole object except its id and {@code display_id}. This
 * is undocumented, but the connector sends the whole object.
 */
final class ResourceSet {

    private static final String DISPLAY_ID = "display_id";

    private final InfraonRules rules;
    private final EffectLedger effects;
    private final String path;
    private final Kind kind;
    private final Lists lists;
    private final Results results;
    private final Store<String, ObjectNode> items = new Store<>(Refusal::notFound);
    private final List<LaterChange> laterChanges = new ArrayList<>();
    private long lastId;

    /**
     * Creates an empty set.
     *
     * @param path the path with its trailing slash, as in the ledger
     */
    ResourceSet(InfraonRules rules, EffectLedger effects, String path, Kind kind) {
        this.rules = rules;
        this.effects = effects;
        this.path = path;
        this.kind = kind;
        this.lists = new Lists(rules);
        this.results = new Results(rules);
    }

    boolean has(String id) {
        return items.has(id);
    }

    List<ObjectNode> shown() {
        return items.all().stream().map(kind.read()).toList();
    }

    SimulatedResponse list(LoggedRequest request) {
        return isSilent() ? SimulatedResponse.empty(200) : lists.page(request, shown());
    }

    SimulatedResponse create(LoggedRequest request) {
        ObjectNode body = Json.requestBody(request);
        kind.required().forEach(member -> Json.text(body, member));
        String id = add(body);
        effects.enter("POST " + path, id, null);
        ObjectNode item = items.find(id);
        return isSilent()
                ? SimulatedResponse.empty(201)
                : results.created(item.path(kind.idMember()), item, kind.answers() == Kind.Answers.NONE_ON_CREATE);
    }

    /** Adds an object without an effect. Returns its id. */
    String add(ObjectNode body) {
        lastId++;
        ObjectNode item = Json.object();
        item.set(kind.idMember(), Ids.json(rules, lastId));
        if (!kind.displayPrefix().isEmpty()) {
            item.put(DISPLAY_ID, kind.displayPrefix() + lastId);
        }
        copy(body, item);
        String id = Long.toString(lastId);
        items.put(id, item);
        return id;
    }

    SimulatedResponse get(String id) {
        ObjectNode item = items.find(id);
        laterChanges.removeIf(change -> change.isDue(id, item));
        return isSilent()
                ? SimulatedResponse.empty(200)
                : Json.response(200, kind.read().apply(item));
    }

    SimulatedResponse update(LoggedRequest request, String id) {
        ObjectNode before = items.find(id);
        ObjectNode body = Json.requestBody(request);
        if (body.isEmpty()) {
            throw Refusal.failedUpdate("No data to update.");
        }
        ObjectNode item = Json.object();
        item.set(kind.idMember(), before.path(kind.idMember()));
        if (!kind.displayPrefix().isEmpty()) {
            item.set(DISPLAY_ID, before.path(DISPLAY_ID));
        }
        copy(body, item);
        items.put(id, item);
        effects.enter("PUT " + path + "{id}/", id, null);
        return isSilent() ? SimulatedResponse.empty(200) : results.updated(item.path(kind.idMember()));
    }

    SimulatedResponse delete(String id) {
        items.remove(id);
        effects.enter("DELETE " + path + "{id}/", id, null);
        return results.deleted();
    }

    void change(String id, int afterPolls, String member, JsonNode value) {
        ObjectNode item = items.existing(id, "id", "the id of an object in " + path);
        if (afterPolls == 0) {
            item.set(member, value);
        } else {
            laterChanges.add(new LaterChange(id, afterPolls, member, value));
        }
    }

    private boolean isSilent() {
        return kind.answers() == Kind.Answers.NONE;
    }

    private static void copy(ObjectNode from, ObjectNode to) {
        from.properties().forEach(member -> {
            if (!to.has(member.getKey())) {
                to.set(member.getKey(), member.getValue());
            }
        });
    }

    /** A change by a background process while a client polls. */
    private static final class LaterChange {
        private final String id;
        private final String member;
        private final JsonNode value;
        private int polls;

        LaterChange(String id, int polls, String member, JsonNode value) {
            this.id = id;
            this.polls = polls;
            this.member = member;
            this.value = value;
        }

        /** Counts a GET. Makes the change and returns true once enough GETs have passed. */
        boolean isDue(String polledId, ObjectNode item) {
            if (!polledId.equals(id) || polls-- > 0) {
                return false;
            }
            item.set(member, value);
            return true;
        }
    }
}
