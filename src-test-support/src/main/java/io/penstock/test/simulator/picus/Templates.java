package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** Templates. All are static; the values are those of the contract's examples. */
final class Templates {

    private final PicusRules rules;
    private final EffectLedger effects;
    private final Envelopes envelopes;
    private final Map<Long, String> names = new TreeMap<>();

    Templates(PicusRules rules, EffectLedger effects, Envelopes envelopes) {
        this.rules = rules;
        this.effects = effects;
        this.envelopes = envelopes;
        for (long id = 1; id <= rules.listedItems(); id++) {
            names.put(id, "Template #" + id);
        }
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/templates", this::list),
                Route.post("/v1/templates", this::create),
                Route.get("/v1/templates/{Id}", this::detail));
    }

    private SimulatedResponse list(Call call) {
        String category = call.query("category_name");
        String type = call.query("content_type");
        List<ObjectNode> matching = names.keySet().stream()
                .filter(id -> (category == null || category.equals("main")) && (type == null || type.equals("Static")))
                .map(id -> template(id).put("threat_count", 2))
                .toList();
        return envelopes.page(call, "templates", matching);
    }

    private SimulatedResponse detail(Call call) {
        long id = call.id("Id");
        if (!names.containsKey(id)) {
            throw Refusal.notFound();
        }
        ObjectNode template = template(id).put("created_at", 1654781780578L);
        template.putArray("rules");
        String threats = "[{id: 1, Name: Threat 1}, {id: 2, Name: Threat 2}]";
        if (rules.embeddedText()) {
            template.put("threats", threats);
        } else {
            template.set("threats", Json.parse("[{\"id\":1,\"name\":\"Threat 1\"},{\"id\":2,\"name\":\"Threat 2\"}]"));
        }
        return envelopes.item("Template", template);
    }

    /** Creates a template. It is undocumented that {@code name} is required. */
    private SimulatedResponse create(Call call) {
        ObjectNode body = call.body();
        String name = Json.text(body, "name");
        long id = names.size() + 1L;
        names.put(id, name);
        effects.enter(call.operation(), Long.toString(id), null);
        long now = rules.clock().millis();
        ObjectNode created = Json.object();
        Json.copy(body, "content", created);
        created.put("content_type", "Static").put("content_update_time", now).put("creation_time", now);
        Json.copy(body, "description", created);
        created.put("id", id).put("name", name).putArray("rules");
        return envelopes.created(created);
    }

    private ObjectNode template(long id) {
        ObjectNode template = Json.object()
                .put("id", id)
                .put("name", names.get(id))
                .put("description", "Description")
                .put("content_type", "Static")
                .put("category_name", "main")
                .put("subcategory_name", "sub")
                .put("content_updated_at", 1654781780578L);
        if (rules.embeddedText()) {
            template.put("agent_types", "[{id:1}]");
        } else {
            template.putArray("agent_types").add(Json.sample("{\"id\":1,\"name\":\"Windows\"}"));
        }
        return template;
    }
}
