package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.SimulatedResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Resources of the caller: the current token, the current company, service accounts, tokens for the WebSockets. */
record Accounts(Cloud cloud, Lists lists, Bulk bulk) {

    SimulatedResponse currentToken(Call call) {
        Tokens.Token token = token(call);
        ObjectNode row = cloud.rows.find(token.place(), token.publicId());
        return Envelope.of(call, row == null ? Json.reference(token.publicId()) : row);
    }

    SimulatedResponse revokeCurrentToken(Call call) {
        Tokens.Token token = token(call);
        cloud.tokens.revoke(token.secret());
        cloud.act(call, "DELETE", token.publicId());
        return Envelope.empty(call);
    }

    /** Creates service accounts. Only this response shows a token, together with its application. */
    SimulatedResponse createServiceAccounts(Call call) {
        ArrayNode created = Json.array();
        bulk.each(call, Accounts::nameError, element -> {
            String application = Ids.resource();
            Tokens.Token token = cloud.serviceAccount(call.company(), Json.requiredText(element, "name"), application);
            cloud.act(call, "CREATE", token.publicId());
            ObjectNode account = Json.reference(token.publicId());
            account.set("apiApplication", Json.reference(application));
            created.add(account.put("token", token.secret()));
        });
        return lists.whole(call, created);
    }

    private static Refusal.@Nullable Item nameError(int index, ObjectNode element) {
        String name = Json.text(element, "name");
        if (name == null) {
            return Refusal.Item.at(index, Refusal.REQUIRED, "name");
        }
        return name.isBlank() ? Refusal.Item.at(index, Refusal.TOO_SHORT, "name") : null;
    }

    SimulatedResponse company(Call call) {
        return Envelope.of(call, Fields.read(Fields.of(call.request()), companyRow(call)));
    }

    SimulatedResponse changeCompany(Call call) {
        ObjectNode changes = Json.objectBody(call.request().body()).without("publicId");
        companyRow(call).setAll(changes);
        cloud.act(call, "UPDATE", call.company());
        return Envelope.empty(call);
    }

    /**
     * Returns a token for a lifetime of 60 to 3600 s (page "how-to-set-up-a-real-time-data-stream"). The agents must
     * exist. It is a read in the form of a POST.
     */
    SimulatedResponse dataToken(Call call) {
        ObjectNode body = Json.objectBody(call.request().body());
        JsonNode life = body.path("expiresIn");
        if (!life.isInt() || life.intValue() < 60 || life.intValue() > 3_600) {
            throw Refusal.invalid(Refusal.INVALID, "expiresIn");
        }
        for (JsonNode agent : body.path("agents")) {
            if (cloud.rows.find(call.company() + "/agents", Json.requiredText(agent, "publicId")) == null) {
                throw Refusal.notFound("agents");
            }
        }
        return socketToken(call);
    }

    /** Returns a token. The {@code expiresIn} of the other tokens has no documented range. */
    SimulatedResponse socketToken(Call call) {
        Json.objectBody(call.request().body());
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String jwt = encoder.encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8))
                + "." + encoder.encodeToString("{}".getBytes(StandardCharsets.UTF_8))
                + "." + Ids.secret();
        return Envelope.of(call, Json.object().put("secretId", jwt));
    }

    private ObjectNode companyRow(Call call) {
        ObjectNode company = cloud.companyRow(call.company());
        if (company == null) {
            throw Refusal.notFound("Api-Company");
        }
        return company;
    }

    private static Tokens.Token token(Call call) {
        Tokens.Token token = call.token();
        if (token == null) {
            throw Refusal.authorization(Refusal.REQUIRED_HEADER);
        }
        return token;
    }
}
