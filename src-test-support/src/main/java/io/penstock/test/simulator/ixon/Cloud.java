package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.parts.SimulatedState;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The state of the server, which begins with one company, user, agent, device and data source. Every effect is entered
 * in the ledger at once. It is entered in the audit log at once too, or when an action on an agent is finished.
 */
final class Cloud extends SimulatedState {

    final IxonRules rules;
    final Rows rows = new Rows();
    final Tokens tokens;
    final Actions actions;
    final Set<String> applications = new HashSet<>();
    /** The agents, devices and servers that are offline. */
    final Set<String> offline = new HashSet<>();

    final String application = Ids.resource();
    final String company = Ids.company();
    final String agent = Ids.resource();
    final String source = Ids.resource();

    Cloud(IxonRules rules, EffectLedger effects) {
        super(effects);
        this.rules = rules;
        tokens = new Tokens(rules, rows);
        actions = new Actions(rules, rows);
        applications.add(application);
        rows.add("/companies", company, Json.object().put("name", "Example company"));
        ObjectNode person = Json.object().put("name", "Example user").put("emailAddress", Login.EMAIL);
        String user = Ids.resource();
        rows.add(company + "/users", user, person);
        rows.single("/users/me").put("publicId", user).setAll(person);
        rows.add(company + "/agents", agent, Json.object().put("name", "Example agent"));
        String agentPlace = company + "/agents/" + agent;
        String device = Ids.resource();
        rows.add(agentPlace + "/devices", device, Json.object().put("name", "Example device"));
        ObjectNode sourceRow = Json.object().put("name", "Example source");
        sourceRow.set("device", Json.reference(device));
        rows.add(agentPlace + "/data-sources", source, sourceRow);
    }

    Instant now() {
        return rules.clock().instant();
    }

    /** Creates a service account of a company. */
    Tokens.Token serviceAccount(String ofCompany, String name, String withApplication) {
        applications.add(withApplication);
        return tokens.issue(ofCompany + "/users/service-account", name, withApplication);
    }

    /**
     * Enters an effect.
     *
     * @param action {@code CREATE}, {@code UPDATE}, {@code DELETE} or {@code TRIGGER}
     * @param id the id of the resource
     */
    void act(Call call, String action, String id) {
        effects.enter(call.operation().name(), id, null);
        ObjectNode entry = Json.object()
                .put("action", action)
                .put("topic", call.operation().template())
                .put("time", Json.timestamp(now()));
        entry.set("target", Json.reference(id));
        String named = call.agent(id);
        boolean there = named != null && rows.find(call.company() + "/agents", named) != null;
        String concerned = there ? named : null;
        Actions.Outcome outcome = new Actions.Outcome(call.company(), concerned, entry);
        if (concerned != null && action.equals("TRIGGER")) {
            actions.start(concerned, outcome);
        } else {
            outcome.log(rows);
        }
    }

    /** Adds a row without an effect and returns its id. */
    String add(String place, String json) {
        ObjectNode content = Json.contentOf(json);
        String given = Json.text(content, "publicId");
        String publicId = given == null ? Ids.resource() : given;
        rows.add(place, publicId, content);
        return publicId;
    }

    /** Returns the company's row; {@code null} if there is no such company. */
    @Nullable
    ObjectNode companyRow(String publicId) {
        return rows.find("/companies", publicId);
    }
}
