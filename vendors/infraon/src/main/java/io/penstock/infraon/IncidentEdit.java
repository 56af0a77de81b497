package io.penstock.infraon;

import io.penstock.error.ApiException;
import io.penstock.infraon.model.IncidentDetail;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes to an incident that has just been read. Unchanged members are sent back as they were received, including
 * members that this library does not know. Use an instance in one subscription and on one thread only.
 */
public final class IncidentEdit {

    private final IncidentDetail read;
    private final ObjectNode incident;

    IncidentEdit(IncidentDetail read) {
        this.read = read;
        this.incident = read.incident().deepCopy();
    }

    /** Returns the incident as it was read, with its options. */
    public IncidentDetail read() {
        return read;
    }

    /**
     * Returns the tree that will be sent. Use it to change members that have no method here, such as
     * {@code current_assignment_info}.
     */
    public ObjectNode incident() {
        return incident;
    }

    /** Sets the summary. */
    public IncidentEdit summary(String text) {
        basicInfo().put("summary", text);
        return this;
    }

    /** Sets the description. */
    public IncidentEdit description(String text) {
        basicInfo().put("description", text);
        return this;
    }

    /** Sets the status by name. The name must be one of the incident's options. */
    public IncidentEdit status(String name) {
        basicInfo().set("status", choice("status", name));
        return this;
    }

    /** Sets the urgency by name. The name must be one of the incident's options. */
    public IncidentEdit urgency(String name) {
        basicInfo().set("urgency", choice("urgency", name));
        return this;
    }

    /** Sets the severity by name. The name must be one of the incident's options. */
    public IncidentEdit severity(String name) {
        basicInfo().set("severity", choice("severity", name));
        return this;
    }

    /**
     * Sets the priority by name. A change of priority requires a reason. That {@code temp_priority} takes the new
     * priority is inferred: only its name is known.
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
