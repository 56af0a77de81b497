package io.penstock.infraon;

import io.penstock.error.ApiException;
import io.penstock.infraon.model.IncidentDetail;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes to an incident that was just read. What is not changed goes back as it came, members that this library does not
 * know included. For one subscription and one thread.
 */
public final class IncidentEdit {

    private final IncidentDetail read;
    private final ObjectNode incident;

    IncidentEdit(IncidentDetail read) {
        this.read = read;
        this.incident = read.incident().deepCopy();
    }

    /** As it was read, with what can be chosen. */
    public IncidentDetail read() {
        return read;
    }

    /** What will be sent, for what has no method here, such as {@code current_assignment_info}. */
    public ObjectNode incident() {
        return incident;
    }

    /** Another summary. */
    public IncidentEdit summary(String text) {
        basicInfo().put("summary", text);
        return this;
    }

    /** Another description. */
    public IncidentEdit description(String text) {
        basicInfo().put("description", text);
        return this;
    }

    /** The status of that name, of those that this incident can have. */
    public IncidentEdit status(String name) {
        basicInfo().set("status", choice("status", name));
        return this;
    }

    /** The urgency of that name. */
    public IncidentEdit urgency(String name) {
        basicInfo().set("urgency", choice("urgency", name));
        return this;
    }

    /** The severity of that name. */
    public IncidentEdit severity(String name) {
        basicInfo().set("severity", choice("severity", name));
        return this;
    }

    /**
     * The priority of that name. Such a change wants a reason. That {@code temp_priority} takes the new priority is
     * inferred: only its name is known.
     *
     * @param reason HTML, such as {@code <p>reason</p>}
     */
    public IncidentEdit priority(String name, String reason) {
        JsonNode priority = choice("priority_matrix", name);
        basicInfo().set("priority", priority);
        incident.set("temp_priority", priority);
        incident.putObject("comment")
                .put("description", reason)
                .put("type", "Priority Change")
                .put("is_private", false);
        return this;
    }

    private ObjectNode basicInfo() {
        return incident.get("basic_info") instanceof ObjectNode there ? there : incident.putObject("basic_info");
    }

    private JsonNode choice(String kind, String name) {
        List<JsonNode> choices = read.choices(kind);
        return choices.stream()
                .filter(choice -> choice.path("name").asString("").equals(name))
                .findFirst()
                .orElseThrow(() -> ApiException.invalidRequest(kind + ": " + name + " (expected: one of "
                        + choices.stream()
                                .map(choice -> choice.path("name").asString(""))
                                .toList()
                        + ")"));
    }
}
