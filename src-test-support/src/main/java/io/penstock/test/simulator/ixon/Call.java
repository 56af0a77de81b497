package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.LoggedRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way to an endpoint, with its headers checked.
 *
 * @param path without the base path and the query
 * @param ids the values of the path's placeholders
 * @param company the value of {@code Api-Company}; empty if the operation does not use it
 * @param token the token of the request; {@code null} if the operation takes none or a password
 */
record Call(
        LoggedRequest request,
        Operation operation,
        String path,
        Map<String, String> ids,
        String company,
        Tokens.@Nullable Token token) {

    String id(String name) {
        return ids.getOrDefault(name, "");
    }

    /** Returns the place of the resource of this path. */
    String place() {
        return company + path;
    }

    /** Returns the place of the collection in which the last segment is an id. */
    String parentPlace() {
        return company + path.substring(0, path.lastIndexOf('/'));
    }

    String lastSegment() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * Returns the possible agent of the call: the one in the path, or an element of a bulk request; {@code null} if
     * there is none.
     */
    @Nullable
    String agent(String element) {
        if (operation.template().startsWith("/agents/{")) {
            return path.split("/", -1)[2];
        }
        return operation.template().startsWith("/agents") ? element : null;
    }
}
