package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.PathTemplate;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the API.
 *
 * @param template the path, with at most one {@code {id}}
 * @param scope what the key must be allowed
 * @param cost in tokens, taken when the endpoint has answered; the cost of a scan is the endpoint's own business
 */
record Route(String method, PathTemplate template, String scope, long cost, Endpoint endpoint) {

    Route(String method, String template, String scope, long cost, Endpoint endpoint) {
        this(method, PathTemplate.of(template), scope, cost, endpoint);
    }

    /** What stands for the id in a path of this route, empty if it has none; {@code null} if the path is another's. */
    @Nullable
    String match(LoggedRequest request) {
        Map<String, String> values = request.method().equals(method) ? template.match(request.path()) : null;
        return values == null ? null : values.getOrDefault("id", "");
    }

    /** What an operation does; runs under the workspace's lock. */
    interface Endpoint {
        SimulatedResponse answer(Call call);
    }
}
