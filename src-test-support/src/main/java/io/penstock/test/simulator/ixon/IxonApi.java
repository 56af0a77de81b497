package io.penstock.test.simulator.ixon;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.SimulatedResponse;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The path of a request through the checks to its endpoint: rate limit, version, operation, application, token,
 * company, ids in the path. The order is undocumented.
 */
final class IxonApi implements SimulatedApi {

    private final Cloud cloud;
    private final Contract contract;
    private final Errors errors;
    private final Throttle throttle;
    private final Headers headers;
    private final Lists lists;
    private final Crud crud;
    private final Map<String, Function<Call, SimulatedResponse>> endpoints = new HashMap<>();

    IxonApi(Cloud cloud, Contract contract, Login login, ForeignHost foreign) {
        this.cloud = cloud;
        this.contract = contract;
        errors = new Errors(cloud.rules.errors(), cloud.rules.limits());
        throttle = new Throttle(cloud.rules);
        headers = new Headers(cloud);
        lists = new Lists(cloud.rules);
        crud = new Crud(cloud, contract, lists, new Bulk(cloud.rules));
        endpoints.put(
                "GET /", new Discovery(cloud.rules, contract, foreign.server().origin())::answer);
        endpoints.put("POST /access-tokens", login::create);
        endpoints.put("GET /server-time", this::serverTime);
        endpoints.put("POST /web-access", this::webAccess);
        endpoints.put(
                "GET /sso/redirect/{api-version}",
                call -> redirect(foreign.server().origin()));
        for (String path : new String[] {"/vpn-usage", "/vpn-usage-2"}) {
            endpoints.put("POST " + path, call -> lists.whole(call, Json.array()));
            endpoints.put("POST /agents/{agentId}" + path, call -> lists.whole(call, Json.array()));
        }
        accounts();
        data();
        objects(new ObjectStorage(cloud, foreign, lists));
    }

    private void accounts() {
        Accounts accounts = new Accounts(cloud, lists, new Bulk(cloud.rules));
        endpoints.put("GET /access-tokens/me", accounts::currentToken);
        endpoints.put("DELETE /access-tokens/me", accounts::revokeCurrentToken);
        endpoints.put("POST /users/service-account", accounts::createServiceAccounts);
        endpoints.put("GET /companies/me", accounts::company);
        endpoints.put("PATCH /companies/me", accounts::changeCompany);
        endpoints.put("POST /auth-tokens/data", accounts::dataToken);
        endpoints.put("POST /auth-tokens/cns", accounts::socketToken);
        endpoints.put("POST /auth-tokens/ai-chat", accounts::socketToken);
    }

    private void data() {
        Series series = new Series(cloud, lists);
        Exports exports = new Exports(cloud, series);
        endpoints.put("POST /data", series::query);
        endpoints.put("POST /data-export", exports::data);
        endpoints.put("GET /audit-logs-export", exports::auditLogs);
    }

    private void objects(ObjectStorage storage) {
        for (String owner : new String[] {"/agents/{agentId}", "/assets/{assetId}"}) {
            endpoints.put("POST " + owner + "/object-storage/upload", storage::upload);
            endpoints.put("POST " + owner + "/object-storage/download", storage::download);
            endpoints.put("POST " + owner + "/object-storage/list", storage::list);
            endpoints.put("POST " + owner + "/object-storage/delete", storage::delete);
        }
    }

    @Override
    public SimulatedResponse answer(LoggedRequest request) {
        synchronized (cloud) {
            try {
                return route(request);
            } catch (Refusal refusal) {
                return errors.response(refusal);
            }
        }
    }

    @Override
    public SimulatedResponse error(LoggedRequest request, int status) {
        return errors.forStatus(status);
    }

    private SimulatedResponse route(LoggedRequest request) {
        throttle.admit(request);
        Headers.requireVersion(request);
        requireQuery(request);
        String path = path(request.path());
        Contract.Match match = contract.match(request.method(), path);
        if (match == null) {
            // The response to a wrong path or method is undocumented.
            throw Refusal.notFound(null);
        }
        Operation operation = match.operation();
        headers.requireApplication(request, operation);
        Tokens.Token token = headers.authenticate(request, operation);
        String company = headers.company(request, operation);
        Call call = new Call(request, operation, path, match.ids(), company, token);
        crud.requireAncestors(call);
        countPoll(call);
        return endpoints.getOrDefault(operation.name(), crud::answer).apply(call);
    }

    /** Refuses a wrong percent-encoding, which no other check detects. */
    private static void requireQuery(LoggedRequest request) {
        try {
            var unused = new QueryStringDecoder(request.uri()).parameters();
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid(Refusal.INVALID, null);
        }
    }

    /** Returns the path below the base path. The root may end with a slash or not. */
    private String path(String path) {
        String base = cloud.rules.basePath();
        if (!path.equals(base) && !path.startsWith(base + "/")) {
            throw Refusal.notFound(null);
        }
        String below = path.substring(base.length());
        return below.isEmpty() ? "/" : below;
    }

    private void countPoll(Call call) {
        String name = call.operation().name();
        if (name.equals("GET /agents/{publicId}")) {
            cloud.actions.polled(call.id("publicId"));
        } else if (name.equals("GET /agents/{agentId}/audit-logs")) {
            cloud.actions.polled(call.id("agentId"));
        }
    }

    private SimulatedResponse serverTime(Call call) {
        return Envelope.of(call, Json.object().put("datetime", Json.timestamp(cloud.now())));
    }

    /**
     * Answers with an address for web access. The refusal for an offline device is known from public clients; its
     * wording and the members of the request are not.
     */
    private SimulatedResponse webAccess(Call call) {
        ObjectNode body = Json.objectBody(call.request().body());
        for (JsonNode id : body.findValues("publicId")) {
            if (cloud.offline.contains(id.asString(""))) {
                throw Refusal.invalid("Device is not online", null);
            }
        }
        String id = Ids.resource();
        cloud.act(call, "CREATE", id);
        return lists.whole(
                call,
                Json.array()
                        .add(Json.reference(id)
                                .put("url", "http://" + call.request().header("host") + "/web/" + id)));
    }

    private static SimulatedResponse redirect(URI origin) {
        return SimulatedResponse.empty(302)
                .withHeader("Location", origin.resolve("/sso").toString());
    }
}
