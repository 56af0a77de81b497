package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.SimulatedResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The path of a request through the checks to its endpoint: key, allow-list, rate limit, route, permission, endpoint.
 * The order is undocumented. It is also undocumented that a request without a key is not counted, and how a wrong
 * method is answered; the table of statuses has no 405.
 */
final class InvictiApi implements SimulatedApi {

    private final InvictiRules rules;
    private final Organization organization;
    private final Errors errors;
    private final Lists lists;
    private final List<Route> routes;

    InvictiApi(InvictiRules rules, Organization organization) {
        this.rules = rules;
        this.organization = organization;
        this.errors = new Errors(rules);
        this.lists = new Lists(rules);
        this.routes = routes();
    }

    @Override
    public SimulatedResponse answer(LoggedRequest request) {
        synchronized (organization) {
            try {
                return withQuota(request, route(request));
            } catch (Refusal refusal) {
                return withQuota(request, errors.response(refusal));
            }
        }
    }

    @Override
    public SimulatedResponse error(LoggedRequest request, int status) {
        synchronized (organization) {
            return withQuota(request, errors.response(errors.forStatus(status)));
        }
    }

    private SimulatedResponse route(LoggedRequest request) {
        String path = path(request);
        if (path == null) {
            throw Refusal.notFound();
        }
        Keys.Key key = organization.keys.find(request);
        if (key == null) {
            throw Refusal.unauthorized();
        }
        if (organization.shutOut) {
            throw Refusal.notAllowed();
        }
        long waitMillis = organization.window.admit(subject(request, key));
        if (waitMillis > 0) {
            throw Refusal.later(429, Duration.ofMillis(waitMillis));
        }
        for (Route route : routes) {
            Map<String, String> values = route.match(request.method(), path);
            if (values != null) {
                if (!key.mayWrite() && !route.method().equals("GET")) {
                    throw Refusal.readOnly();
                }
                return route.endpoint().apply(new Call(request, key, route.operation(), values));
            }
        }
        throw Refusal.notFound();
    }

    /**
     * Returns the path below the base path, with the prefix {@code /api/v1}; {@code null} if the server has no such
     * path.
     */
    private @Nullable String path(LoggedRequest request) {
        String base = rules.basePath() + "/api/";
        return request.path().startsWith(base)
                ? rules.dastPrefix()
                        .canonical(request.path().substring(rules.basePath().length()))
                : null;
    }

    private String subject(LoggedRequest request, Keys.Key key) {
        return switch (rules.quotaSubject()) {
            case KEY -> key.secret();
            case ORGANIZATION -> organization.id;
            case ADDRESS -> request.clientAddress();
        };
    }

    /**
     * Adds the quota headers to every response to a known key. The reset in epoch seconds is inferred from the sample.
     */
    private SimulatedResponse withQuota(LoggedRequest request, SimulatedResponse response) {
        Keys.Key key = organization.keys.find(request);
        if (key == null || !rules.quotaHeaders()) {
            return response;
        }
        String subject = subject(request, key);
        long resetSeconds = (organization.window.endsAtMillis(subject) + 999) / 1000;
        return response.withHeader("X-RateLimit-Limit", Integer.toString(rules.requestsPerWindow()))
                .withHeader("X-RateLimit-Remaining", Integer.toString(organization.window.remaining(subject)))
                .withHeader("X-RateLimit-Reset", Long.toString(resetSeconds));
    }

    private List<Route> routes() {
        Organization o = organization;
        return List.of(
                get("/api/identity/v1/me", this::me),
                get("/api/identity/v1/audit/list", list(Listing.AUDIT, c -> o.audit.all())),
                get("/api/identity/v1/audit/log", o.audit::export),
                // The response is undocumented.
                get("/api/identity/v1/saml/settings", c -> Json.response(200, Json.object())),
                get("/api/v1/targets", list(Listing.TARGETS, c -> o.targets.all())),
                post("/api/v1/targets", o.targets::create),
                get("/api/v1/targets/{id}", o.targets::get),
                new Route("DELETE", "/api/v1/targets/{id}", o.targets::delete),
                new Route("PATCH", "/api/v1/targets/{id}/configuration", o.targets::configure),
                get("/api/v1/scans", list(Listing.SCANS, c -> o.scans.all())),
                post("/api/v1/scans", o.scans::start),
                get("/api/v1/scans/{id}", o.scans::get),
                get("/api/v1/scans/{id}/results", list(Listing.RESULTS, o.scans::results)),
                get("/api/v1/scans/{id}/results/{result}/statistics", o.scans::statistics),
                get(
                        "/api/v1/scans/{id}/results/{result}/vulnerabilities",
                        list(Listing.VULNERABILITIES, o.scans::vulnerabilities)),
                get("/api/v1/vulnerabilities/{id}/http_response", o.scans::httpResponse),
                post("/api/v1/scans/{id}/abort", c -> o.scans.change(c, job -> job.end("aborted"))),
                post("/api/v1/scans/{id}/pause", c -> o.scans.change(c, job -> job.pause(true))),
                post("/api/v1/scans/{id}/resume", c -> o.scans.change(c, job -> job.pause(false))),
                post("/api/v1/scans/{id}/trigger", c -> o.scans.change(c, Job::trigger)),
                post("/api/v1/reports", o.reports::start),
                get("/api/v1/reports/{id}", o.reports::get),
                get("/api/v1/reports/{id}/download", o.reports::download),
                post("/api/v1/exports", o.exports::start),
                get("/api/v1/exports/{id}", o.exports::get),
                get("/api/v1/exports/{id}/download", o.exports::download),
                get(
                        "/api/inventory/v1/applications",
                        list(Listing.APPLICATIONS, c -> o.inventory.applications(c.request()))),
                post("/api/inventory/v1/applications", o.inventory::createApplication),
                get("/api/apihub/v1/inventory/api-targets", list(Listing.API_TARGETS, c -> o.inventory.apiTargets())),
                get("/api/apihub/v1/importers", list(Listing.IMPORTERS, c -> o.importers.all())),
                post("/api/apihub/v1/importers", o.importers::create),
                get("/api/external-scan/v1/connections", list(Listing.CONNECTIONS, c -> o.integrations.connections())),
                post("/api/external-scan/v1/mend/connections", o.integrations::connectMend),
                post("/api/external-scan/v1/import/sarif-imports", o.integrations::importSarif),
                get(
                        "/api/integrations/v1/instances",
                        list(Listing.INSTANCES, c -> o.integrations.instances(c.request()))),
                post("/api/integrations/v1/instances", o.integrations::createInstance),
                get("/api/integrations/v1/automations", list(Listing.AUTOMATIONS, c -> List.of())));
    }

    private static Route get(String template, Function<Call, SimulatedResponse> endpoint) {
        return new Route("GET", template, endpoint);
    }

    private static Route post(String template, Function<Call, SimulatedResponse> endpoint) {
        return new Route("POST", template, endpoint);
    }

    private Function<Call, SimulatedResponse> list(Listing listing, Function<Call, Collection<ObjectNode>> items) {
        return call -> lists.page(call.request(), listing, items.apply(call));
    }

    /** Answers with undocumented members. */
    private SimulatedResponse me(Call call) {
        return Json.response(200, Json.object().put("id", call.key().userId()).put("organizationId", organization.id));
    }
}
