package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Incidents with their conversations and attachments. A PUT takes the inner object of the detail and replaces the
 * stored one, whatever its {@code last_update_time}: a guard against lost updates is not documented.
 */
final class Incidents {

    static final String PATH = "/ux/sd/inci/incident/";
    static final String CONVERSATION = PATH + "{id}/conversation/";
    static final String RICH_TEXT = PATH + "save-rich-text/";
    static final String ATTACHMENT = PATH + "add-attachment/";

    private final InfraonRules rules;
    private final EffectLedger effects;
    private final Resources resources;
    private final IncidentShapes shapes;
    private final Lists lists;
    private final Results results;
    private final Store<String, Entry> incidents = new Store<>(Refusal::notFound);
    private long lastId;

    Incidents(InfraonRules rules, EffectLedger effects, Resources resources) {
        this.rules = rules;
        this.effects = effects;
        this.resources = resources;
        this.shapes = new IncidentShapes(rules);
        this.lists = new Lists(rules);
        this.results = new Results(rules);
    }

    SimulatedResponse list(Call call) {
        return lists.page(
                call.request(),
                incidents.all().stream()
                        .map(entry -> shapes.row(entry.incident))
                        .toList());
    }

    SimulatedResponse create(Call call) {
        ObjectNode body = Json.requestBody(call.request());
        IncidentShapes.check(body);
        String id = add(body);
        effects.enter("POST " + PATH, id, null);
        ObjectNode data = IncidentShapes.created(incidents.find(id).incident);
        return results.created(data.path("id"), data, false);
    }

    /** Adds an incident without an effect. Returns its id. */
    String add(ObjectNode body) {
        lastId++;
        String id = Long.toString(lastId);
        incidents.put(id, new Entry(shapes.kept(lastId, body), conversation()));
        return id;
    }

    SimulatedResponse get(Call call) {
        List<ObjectNode> teams = resources.of(Resources.TEAMS).shown();
        return Json.response(200, shapes.detail(incidents.find(call.id()).incident, teams));
    }

    SimulatedResponse update(Call call) {
        Entry entry = incidents.find(call.id());
        ObjectNode changed = Json.requestBody(call.request());
        if (!(changed.get(IncidentShapes.BASIC) instanceof ObjectNode basic)) {
            throw Refusal.failedUpdate("basic_info is missing.");
        }
        if (basic.path(IncidentShapes.SUMMARY).stringValue("").isBlank()) {
            throw Refusal.failedUpdate("summary is missing.");
        }
        JsonNode comment = changed.remove("comment");
        JsonNode temporary = changed.remove("temp_priority");
        boolean explained = temporary != null && comment != null;
        if (!explained && !priority(changed).equals(priority(entry.incident))) {
            throw Refusal.failedUpdate("A changed priority needs temp_priority and comment.");
        }
        if (comment instanceof ObjectNode reason) {
            entry.conversation.add(reason);
        }
        for (String given : List.of("incident_id", "display_id", "creation_time", "created_by")) {
            changed.set(given, entry.incident.path(given));
        }
        entry.incident = changed;
        effects.enter("PUT " + PATH + "{id}/", call.id(), null);
        return results.updated(changed.path("incident_id"));
    }

    private static JsonNode priority(ObjectNode incident) {
        return incident.path(IncidentShapes.BASIC).path(IncidentShapes.PRIORITY).path("id");
    }

    SimulatedResponse delete(Call call) {
        incidents.remove(call.id());
        effects.enter("DELETE " + PATH + "{id}/", call.id(), null);
        return results.deleted();
    }

    ResourceSet conversation(Call call) {
        return incidents.find(call.id()).conversation;
    }

    /** Adds a note to the conversation. That it becomes a part of the conversation is undocumented. */
    SimulatedResponse saveRichText(Call call) {
        ObjectNode body = Json.requestBody(call.request());
        Entry entry = incidents.find(Json.id(body, "ref_id"));
        if (!(body.get("rich_text_content") instanceof ObjectNode content)) {
            throw Refusal.field("rich_text_content", Json.REQUIRED);
        }
        Json.text(content, "description");
        Json.text(content, "type");
        entry.conversation.add(content);
        effects.enter("POST " + RICH_TEXT, Json.id(body, "ref_id"), null);
        return results.done(entry.incident.path("incident_id"), "Saved successfully.");
    }

    SimulatedResponse addAttachment(Call call) {
        ObjectNode body = Json.requestBody(call.request());
        Entry entry = incidents.find(Json.id(body, "incidentId"));
        JsonNode files = body.path("files");
        if (!files.isArray() || files.isEmpty()) {
            throw Refusal.field("files", Json.REQUIRED);
        }
        entry.attachments.addAll(files.valueStream().map(Attachment::of).toList());
        effects.enter("POST " + ATTACHMENT, Json.id(body, "incidentId"), null);
        return results.done(entry.incident.path("incident_id"), "Added successfully.");
    }

    List<Attachment> attachments(String id) {
        Entry entry = incidents.existing(id, "incidentId", "the id of an incident");
        return List.copyOf(entry.attachments);
    }

    private ResourceSet conversation() {
        Kind.Answers answers = rules.has(Quirk.CONVERSATION_BODIES) ? Kind.Answers.RESULTS : Kind.Answers.NONE;
        return new ResourceSet(
                rules, effects, CONVERSATION, new Kind("id", "", List.of(), answers, UnaryOperator.identity()));
    }

    private static final class Entry {
        private final ResourceSet conversation;
        private final List<Attachment> attachments = new ArrayList<>();
        private ObjectNode incident;

        Entry(ObjectNode incident, ResourceSet conversation) {
            this.incident = incident;
            this.conversation = conversation;
        }
    }
}
