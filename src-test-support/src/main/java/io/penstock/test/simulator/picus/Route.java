package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.PathTemplate;
import io.penstock.test.simulator.SimulatedResponse;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the API, whose endpoint runs under the tenant's lock.
 *
 * @param operation method and path template, as in the contract
 * @param errors the shape of its errors
 */
record Route(
        String method,
        PathTemplate template,
        String operation,
        ErrorShape errors,
        Function<Call, SimulatedResponse> endpoint) {

    static Route get(String path, Function<Call, SimulatedResponse> endpoint) {
        return of("GET", path, endpoint);
    }

    static Route post(String path, Function<Call, SimulatedResponse> endpoint) {
        return of("POST", path, endpoint);
    }

    static Route put(String path, Function<Call, SimulatedResponse> endpoint) {
        return of("PUT", path, endpoint);
    }

    static Route delete(String path, Function<Call, SimulatedResponse> endpoint) {
        return of("DELETE", path, endpoint);
    }

    private static Route of(String method, String path, Function<Call, SimulatedResponse> endpoint) {
        return new Route(method, PathTemplate.of(path), method + " " + path, ErrorShape.PLAIN, endpoint);
    }

    /** Returns a copy with another shape of errors. */
    Route failing(ErrorShape errors) {
        return new Route(method, template, operation, errors, endpoint);
    }

    /** Returns the call; {@code null} if the request does not match this route. */
    @Nullable
    Call match(LoggedRequest request) {
        var path = request.method().equals(method) ? template.match(request.path()) : null;
        return path == null ? null : new Call(request, operation, path);
    }
}
