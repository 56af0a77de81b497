package io.penstock.test.simulator.infraon;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedApi;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The path of a request through the checks to its endpoint: trailing slash, logins, credential, rate limit, route. The
 * order is undocumented.
 */
final class InfraonApi implements SimulatedApi {

    /** The sample path of the guide, the only one without {@code /ux/} and without a trailing slash. */
    private static final String USER = "/api/user";

    private final InfraonRules rules;
    private final Tenant tenant;
    private final Errors errors;
    private final List<Route> routes;

    InfraonApi(InfraonRules rules, Tenant tenant) {
        this.rules = rules;
        this.tenant = tenant;
        this.errors = new Errors(rules);
        this.routes = routes();
    }

    @Override
    public SimulatedResponse answer(LoggedRequest request) {
        synchronized (tenant) {
            try {
                return route(request);
            } catch (Refusal refusal) {
                return errors.response(refusal);
            }
        }
    }

    @Override
    public SimulatedResponse error(LoggedRequest request, int status) {
        return errors.response(errors.forStatus(status));
    }

    private SimulatedResponse route(LoggedRequest request) {
        requireWellFormed(request.uri());
        String path = request.path();
        if (!path.endsWith("/") && !path.equals(USER)) {
            return withoutSlash(request);
        }
        Function<Call, SimulatedResponse> open = withoutCredential(path);
        if (open != null) {
            if (!request.method().equals("POST")) {
                throw Refusal.methodNotAllowed(request.method());
            }
            return open.apply(new Call(request, Map.of()));
        }
        String credential = tenant.credentials.authenticate(request.header("authorization"));
        admit(credential);
        return endpoint(request);
    }

    private @Nullable Function<Call, SimulatedResponse> withoutCredential(String path) {
        return switch (path) {
            case "/ux/api-token-auth/" -> tenant.credentials::login;
            case "/ux/api-token/" -> tenant.credentials::codedLogin;
            case "/ux/password_js_encrypt/" -> Credentials::encrypt;
            default -> null;
        };
    }

    /** Refuses a URI with an incomplete percent-encoding, so that no endpoint has to handle one. */
    private static void requireWellFormed(String uri) {
        try {
            new QueryStringDecoder(uri).parameters();
        } catch (IllegalArgumentException e) {
            throw Refusal.undocumented(400, "Malformed query.");
        }
    }

    private SimulatedResponse withoutSlash(LoggedRequest request) {
        if (!rules.has(Quirk.REDIRECT_TO_SLASH)) {
            throw Refusal.notFound();
        }
        String query = request.uri().substring(request.path().length());
        return SimulatedResponse.empty(301).withHeader("Location", request.path() + "/" + query);
    }

    private void admit(String credential) {
        long waitMillis = rules.requestsPerWindow() == 0 ? 0 : tenant.perCredential.admit(credential);
        if (waitMillis > 0) {
            throw Refusal.throttled((waitMillis + 999) / 1000);
        }
    }

    private SimulatedResponse endpoint(LoggedRequest request) {
        boolean otherMethod = false;
        for (Route route : routes) {
            Map<String, String> values = route.template().match(request.path());
            if (values != null && route.method().equals(request.method())) {
                return route.endpoint().apply(new Call(request, values));
            }
            otherMethod |= values != null;
        }
        if (otherMethod) {
            throw Refusal.methodNotAllowed(request.method());
        }
        return tenant.resources.answer(request);
    }

    private List<Route> routes() {
        Incidents incidents = tenant.incidents;
        String incident = Incidents.PATH + "{id}/";
        String conversation = Incidents.CONVERSATION;
        String entry = conversation + "{entry}/";
        return List.of(
                new Route("GET", USER, c -> Json.response(200, Results.success())),
                new Route("GET", OsImage.PATH, c -> OsImage.download(rules)),
                new Route("GET", Incidents.PATH, incidents::list),
                new Route("POST", Incidents.PATH, incidents::create),
                new Route("POST", Incidents.RICH_TEXT, incidents::saveRichText),
                new Route("POST", Incidents.ATTACHMENT, incidents::addAttachment),
                new Route("GET", incident, incidents::get),
                new Route("PUT", incident, incidents::update),
                new Route("DELETE", incident, incidents::delete),
                new Route("GET", conversation, c -> incidents.conversation(c).list(c.request())),
                new Route("POST", conversation, c -> incidents.conversation(c).create(c.request())),
                new Route("GET", entry, c -> incidents.conversation(c).get(c.value("entry"))),
                new Route("PUT", entry, c -> incidents.conversation(c).update(c.request(), c.value("entry"))),
                new Route("DELETE", entry, c -> incidents.conversation(c).delete(c.value("entry"))));
    }
}
