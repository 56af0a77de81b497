package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.Store;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Users and their roles. The first user, 1234, is the contract's sample; the ids of the others count up from there. */
final class Users {

    private static final long FIRST = 1234;
    private static final long ADMIN = 4567;

    private final EffectLedger effects;
    private final Envelopes envelopes;
    private final Store<Long, ObjectNode> users = new Store<>(Refusal::notFound);
    private final Store<Long, ObjectNode> roles = new Store<>(Refusal::notFound);
    private long nextId = FIRST;

    Users(PicusRules rules, EffectLedger effects, Envelopes envelopes) {
        this.effects = effects;
        this.envelopes = envelopes;
        add("abc@def.com", "sso", "admin", ADMIN, "1743141698");
        for (int i = 1; i < rules.listedItems(); i++) {
            add("user" + i + "@def.com", "sso", "viewer", ADMIN + 1, "1743141698");
        }
        role(ADMIN, "admin");
        role(ADMIN + 1, "viewer");
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/users", this::list),
                Route.post("/v1/users/invite", this::invite),
                Route.get("/v1/users/roles", call -> envelopes.page(call, "roles", roles.all())),
                Route.delete("/v1/users/{userId}", this::delete),
                Route.put("/v1/users/{userId}/role", this::assign));
    }

    private SimulatedResponse list(Call call) {
        String role = call.query("role");
        List<ObjectNode> matching = users.all().stream()
                .filter(user -> role == null || user.get("role").stringValue().equals(role))
                .toList();
        return envelopes.page(call, "users", matching);
    }

    /** Invites a user. The required members are undocumented; here all three are. */
    private SimulatedResponse invite(Call call) {
        ObjectNode body = call.body();
        String email = Json.text(body, "email");
        String loginType = Json.text(body, "login_type");
        long roleId = Json.id(body, "role_id");
        long id = add(email, loginType, nameOf(roleId), roleId, "");
        effects.enter(call.operation(), Long.toString(id), null);
        return envelopes.created(Json.object().put("id", id));
    }

    private SimulatedResponse delete(Call call) {
        long id = call.id("userId");
        users.remove(id);
        effects.enter(call.operation(), Long.toString(id), null);
        return envelopes.deleted(Json.object().put("success", true));
    }

    private SimulatedResponse assign(Call call) {
        long id = call.id("userId");
        ObjectNode user = users.find(id);
        long roleId = Json.id(call.body(), "role_id");
        user.put("role", nameOf(roleId)).put("role_id", roleId);
        effects.enter(call.operation(), Long.toString(id), null);
        return envelopes.success();
    }

    private String nameOf(long roleId) {
        return roles.find(roleId).get("name").stringValue();
    }

    private long add(String email, String loginType, String role, long roleId, String lastLogin) {
        long id = nextId++;
        users.put(
                id,
                Json.object()
                        .put("user_id", id)
                        .put("email", email)
                        .put("role", role)
                        .put("role_id", roleId)
                        .put("login_type", loginType)
                        .put("last_login_time", lastLogin));
        return id;
    }

    private void role(long id, String name) {
        roles.put(id, Json.object().put("id", id).put("name", name));
    }
}
