package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.PathTemplate;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the API, whose endpoint runs under the workspace's lock.
 *
 * @param template the path, with at most one {@code {id}}
 * @param scope the scope that the key needs
 * @param cost in tokens, taken after the endpoint has answered; the endpoint itself accounts for the cost of a scan
 */
record Route(
        String method, PathTemplate template, String scope, long cost, Function<Call, SimulatedResponse> endpoint) {

    Route(String method, String template, String scope, long cost, Function<Call, SimulatedResponse> endpoint) {
        this(method, PathTemplate.of(template), scope, cost, endpoint);
    }

    /**
     * Returns the id in the path, empty if the route has none; {@code null} if the request does not match this route.
     */
    @Nullable
    String match(LoggedRequest request) {
        Map<String, String> values = request.method().equals(method) ? template.match(request.path()) : null;
        return values == null ? null : values.getOrDefault("id", "");
    }
}
