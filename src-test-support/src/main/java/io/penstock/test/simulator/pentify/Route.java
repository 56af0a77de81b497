package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the API.
 *
 * @param template the path, with at most one {@code {id}}
 * @param scope what the key must be allowed
 * @param cost in tokens, taken when the endpoint has answered; the cost of a scan is the endpoint's own business
 */
record Route(String method, String template, String scope, long cost, Endpoint endpoint) {

    private static final String ID = "{id}";

    /** What stands for the id in a path of this route, empty if it has none; {@code null} if the path is another's. */
    @Nullable
    String match(LoggedRequest request) {
        if (!request.method().equals(method)) {
            return null;
        }
        int at = template.indexOf(ID);
        String path = request.path();
        if (at < 0) {
            return path.equals(template) ? "" : null;
        }
        String before = template.substring(0, at);
        String after = template.substring(at + ID.length());
        int end = path.length() - after.length();
        if (!path.startsWith(before) || !path.endsWith(after) || end <= at) {
            return null;
        }
        String id = path.substring(at, end);
        return id.indexOf('/') < 0 ? id : null;
    }

    /** What an operation does; runs under the workspace's lock. */
    interface Endpoint {
        SimulatedResponse answer(Call call);
    }
}
