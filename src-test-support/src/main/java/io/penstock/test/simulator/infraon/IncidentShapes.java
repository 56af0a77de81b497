package io.penstock.test.simulator.infraon;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The forms of an incident: a nested object in the store and in the detail, a flat row in a list. */
record IncidentShapes(InfraonRules rules) {

    static final String BASIC = "basic_info";
    static final String SUMMARY = "summary";
    static final String PRIORITY = "priority";

    /** The names to which the connector maps the ids. A tenant may rename them, so only the ids are checked. */
    private static final Map<String, List<String>> VALUES = Map.of(
            "urgency",
            List.of("High", "Medium", "Low"),
            PRIORITY,
            List.of("Critical", "High", "Medium", "Low", "Very Low"),
            "impact",
            List.of("Business", "Location", "Department", "Group", "User"));

    /**
     * The statuses and severities, which are sent by name. Of the statuses only {@code Open} is documented, of the
     * severities none.
     */
    private static final List<String> STATUSES = List.of("Open", "Resolved");

    private static final List<String> SEVERITIES = List.of("Major", "Minor");

    private static final List<String> IN_BASIC_INFO =
            List.of(SUMMARY, "description", "status", "urgency", "impact", "severity", PRIORITY);

    /** Checks a request to create an incident. Only {@code summary} and {@code requester_email} are mandatory. */
    static void check(ObjectNode body) {
        Json.text(body, SUMMARY);
        Json.text(body, "requester_email");
        VALUES.forEach((member, names) -> {
            if (body.has(member)) {
                int id = body.path(member).path("id").asInt(0);
                if (id < 1 || id > names.size()) {
                    throw Refusal.field(member, "Unknown id.");
                }
            }
        });
    }

    /** Creates an incident for the store. Members of {@code basic_info} go there; unknown members stay beside it. */
    ObjectNode kept(long number, ObjectNode body) {
        ObjectNode incident = Json.object();
        incident.set("incident_id", Ids.json(rules, number));
        incident.put("display_id", "INCI-" + number);
        ObjectNode basic = incident.putObject(BASIC);
        basic.putNull("catalogue_name");
        body.properties().forEach(member -> {
            ObjectNode place = IN_BASIC_INFO.contains(member.getKey()) ? basic : incident;
            if (!place.has(member.getKey())) {
                place.set(member.getKey(), member.getValue());
            }
        });
        if (!basic.has("status")) {
            basic.putObject("status").put("name", STATUSES.get(0));
        }
        incident.putObject("sla_info");
        incident.set("created_by", Ids.json(rules, 1));
        String now = Json.timestamp(rules.clock());
        incident.put("creation_time", now).put("last_update_time", now);
        return incident;
    }

    /** Returns the {@code data} of the response to a POST. Members without documentation are null. */
    static ObjectNode created(ObjectNode incident) {
        JsonNode basic = incident.path(BASIC);
        ObjectNode data = Json.object();
        data.set("id", incident.path("incident_id"));
        data.set("display_id", incident.path("display_id"));
        data.putNull("asset_id");
        data.set(SUMMARY, basic.path(SUMMARY));
        data.set("requester_email", incident.path("requester_email"));
        data.set(PRIORITY, basic.has(PRIORITY) ? basic.get(PRIORITY) : data.nullNode());
        data.putNull("impact_service");
        data.set("creation_time", incident.path("creation_time"));
        data.putNull("ci_name");
        return data;
    }

    ObjectNode row(ObjectNode incident) {
        JsonNode basic = incident.path(BASIC);
        ObjectNode row = Json.object();
        row.set(rules.rowIdMember(), incident.path("incident_id"));
        row.set("display_id", incident.path("display_id"));
        row.set(SUMMARY, basic.path(SUMMARY));
        for (String lookup : List.of(PRIORITY, "status", "urgency", "impact", "severity")) {
            row.put(lookup + "_name", basic.path(lookup).path("name").stringValue(null));
        }
        row.put("state_name", basic.path("status").path("name").stringValue(null));
        row.set("requester", requester(incident));
        row.putObject(BASIC).set("catalogue_name", basic.path("catalogue_name"));
        row.set("sla_info", incident.path("sla_info"));
        row.set("created_by", incident.path("created_by"));
        row.set("creation_time", incident.path("creation_time"));
        return row;
    }

    /** Returns the requester of a row. Only the member {@code organization_name} of a person is documented. */
    private ObjectNode requester(ObjectNode incident) {
        ObjectNode requester = Json.object();
        if (rules.has(Quirk.REQUESTER_AS_LOOKUP)) {
            requester.putArray("keys");
            requester.putArray("values");
            return requester.put("queryparam", "");
        }
        return requester
                .put("organization_name", "Example")
                .put("name", incident.path("requester_name").stringValue(null))
                .put("email", incident.path("requester_email").stringValue(null));
    }

    ObjectNode detail(ObjectNode incident, List<ObjectNode> teams) {
        ObjectNode detail = Json.object();
        detail.set("incident", incident);
        ObjectNode options = detail.putObject("options");
        options.set("users", options(named(List.of(Credentials.USERNAME))));
        options.set("teams", options(teams));
        options.set("status", options(named(STATUSES)));
        options.set("urgency", options(named(VALUES.getOrDefault("urgency", List.of()))));
        options.set("severity", options(named(SEVERITIES)));
        options.set("priority_matrix", options(named(VALUES.getOrDefault(PRIORITY, List.of()))));
        detail.set("status", incident.path(BASIC).path("status"));
        detail.putArray("transition_status");
        detail.putObject("stage_state_option_map");
        return detail;
    }

    private List<ObjectNode> named(List<String> names) {
        return names.stream()
                .map(name -> {
                    ObjectNode option = Json.object();
                    option.set("id", Ids.json(rules, names.indexOf(name) + 1L));
                    return option.put("name", name);
                })
                .toList();
    }

    private JsonNode options(List<ObjectNode> all) {
        if (rules.has(Quirk.OPTIONS_AS_MAP)) {
            ObjectNode map = Json.object();
            all.forEach(one -> map.set(one.path("id").asString(), one));
            return map;
        }
        ArrayNode list = Json.array();
        all.forEach(list::add);
        return list;
    }
}
