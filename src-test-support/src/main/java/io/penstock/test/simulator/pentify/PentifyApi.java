package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.FixedWindow;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.FileHost;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The path of a request through the checks to its endpoint: key, rate limit, route, scope, balance, endpoint, cost. The
 * order is undocumented. It is also undocumented that a refused request costs nothing.
 */
final class PentifyApi implements SimulatedApi {

    private final PentifyRules rules;
    private final Workspace workspace;
    private final Errors errors;
    private final Lists lists;
    private final List<Route> routes;

    PentifyApi(PentifyRules rules, Workspace workspace, FileHost store) {
        this.rules = rules;
        this.workspace = workspace;
        this.errors = new Errors(rules);
        this.lists = new Lists(rules);
        this.routes = routes(store);
    }

    @Override
    public SimulatedResponse answer(LoggedRequest request) {
        String requestId = requestId();
        synchronized (workspace) {
            try {
                return stamped(route(request), requestId);
            } catch (Refusal refusal) {
                return stamped(errors.response(refusal, requestId), requestId);
            }
        }
    }

    @Override
    public SimulatedResponse error(LoggedRequest request, int status) {
        String requestId = requestId();
        synchronized (workspace) {
            Refusal refusal = errors.forStatus(status, workspace.account.balance());
            return stamped(errors.response(refusal, requestId), requestId);
        }
    }

    private SimulatedResponse route(LoggedRequest request) {
        if (request.method().equals("GET")) {
            if (request.path().equals("/auth/terminal/poll")) {
                return workspace.pairing.poll(request);
            }
            if (isPublic(request.path())) {
                admit(workspace.perAddress, request.clientAddress(), "IP address");
                return publicPage(request);
            }
        }
        if (!request.path().startsWith("/v1/")) {
            throw Refusal.notFound();
        }
        Keys.Key key = workspace.keys.authenticate(request.header("authorization"));
        admit(workspace.perKey, key.secret(), "API key");
        for (Route route : routes) {
            String id = route.match(request);
            if (id != null) {
                key.require(route.scope());
                workspace.account.require(route.cost());
                SimulatedResponse answer = route.endpoint().apply(new Call(request, key, id));
                workspace.account.take(route.cost());
                return answer;
            }
        }
        // The response to a wrong method is undocumented; the list of codes has none for a 405.
        throw Refusal.notFound();
    }

    /** Refuses a request beyond the limit. The wait is in whole seconds, as on the page "rate-limits". */
    private static void admit(FixedWindow window, String subject, String subjectKind) {
        long waitMillis = window.admit(subject);
        if (waitMillis > 0) {
            throw Refusal.rateLimited(subjectKind, (waitMillis + 999) / 1000);
        }
    }

    private boolean isPublic(String path) {
        return path.equals("/openapi.json")
                || path.equals("/token-packs")
                || rules.healthPath().serves(path);
    }

    /** Answers a public path. The bodies are undocumented; of the contract only its version, 3.1, is known. */
    private SimulatedResponse publicPage(LoggedRequest request) {
        return switch (request.path()) {
            case "/openapi.json" -> {
                ObjectNode contract = Json.object().put("openapi", "3.1.0");
                contract.putObject("info").put("title", "Pentify API").put("version", "1");
                contract.putObject("paths");
                yield Json.response(200, contract);
            }
            case "/token-packs" ->
                lists.page(request, "token_packs", List.of(Json.object().put("tokens", 100_000)));
            default -> Json.response(200, Json.object().put("status", "ok"));
        };
    }

    /**
     * Creates the routes. Costs and scopes come from the pages "tokens-and-pricing" and "authentication". Reads of
     * webhooks need {@code webhooks:write} because no other webhook scope is known.
     */
    private List<Route> routes(FileHost store) {
        Workspace w = workspace;
        return List.of(
                new Route("GET", "/v1/scans", "scans:read", 1, c -> lists.page(c.request(), "scans", w.scans.all())),
                new Route("POST", "/v1/scans", "scans:write", 0, w.scans::start),
                new Route("GET", "/v1/scans/{id}", "scans:read", 1, c -> Json.response(200, w.scans.find(c.id()))),
                new Route("GET", "/v1/scans/{id}/report", "reports:read", 1, c -> w.scans.report(c, store)),
                new Route(
                        "GET",
                        "/v1/targets",
                        "targets:read",
                        1,
                        c -> lists.page(c.request(), "targets", w.targets.all())),
                new Route("POST", "/v1/targets", "targets:write", 0, w.targets::register),
                new Route("POST", "/v1/targets/{id}/verify", "targets:write", 10, w.targets::verify),
                new Route(
                        "GET",
                        "/v1/webhooks",
                        "webhooks:write",
                        1,
                        c -> lists.page(c.request(), "webhooks", w.webhooks.all())),
                new Route("POST", "/v1/webhooks", "webhooks:write", 0, w.webhooks::create),
                new Route("GET", "/v1/webhooks/{id}", "webhooks:write", 1, w.webhooks::get),
                new Route("DELETE", "/v1/webhooks/{id}", "webhooks:write", 0, w.webhooks::delete),
                new Route("GET", "/v1/usage", "usage:read", 1, this::usage),
                new Route("GET", "/v1/profile", "usage:read", 1, this::profile));
    }

    /** Answers with undocumented members; {@code balance} is the name in the details of a 402. */
    private SimulatedResponse usage(Call call) {
        TokenAccount account = workspace.account;
        return Json.response(
                200,
                Json.object()
                        .put("balance", account.balance())
                        .put("held", account.held())
                        .put("used", account.used()));
    }

    /** Answers with undocumented members. The twelve characters of the key are documented (page "authentication"). */
    private SimulatedResponse profile(Call call) {
        ObjectNode profile = Json.object();
        profile.putObject("user").put("email", "user@example.com");
        profile.putObject("workspace").put("name", "Example");
        ObjectNode key = profile.putObject("key");
        key.put("prefix", call.key().secret().substring(0, 12));
        call.key().scopes().forEach(key.putArray("scopes")::add);
        return Json.response(200, profile);
    }

    private String requestId() {
        return Ids.resource("req_", rules.clock().millis());
    }

    private SimulatedResponse stamped(SimulatedResponse response, String requestId) {
        return rules.requestIdHeader() ? response.withHeader("x-request-id", requestId) : response;
    }
}
