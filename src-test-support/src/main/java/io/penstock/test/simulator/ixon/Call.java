package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.LoggedRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way to an endpoint, with its headers checked.
 *
 * @param path without the base path and the query
 * @param ids what stands for the placeholders of the path
 * @param company the value of {@code Api-Company}; empty if the operation does not use it
 * @param token what the request is authenticated with; {@code null} if the operation takes none or a password
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

    /** Where the resource of this path is kept. */
    String place() {
        return company + path;
    }

    /** Where the collection is kept that the last segment is an id of. */
    String parentPlace() {
        return company + path.substring(0, path.lastIndexOf('/'));
    }

    String lastSegment() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** What may be the agent concerned: of the path, or an element of a request in bulk; {@code null} if there is none. */
    @Nullable
    String agent(String element) {
        if (operation.template().startsWith("/agents/{")) {
            return path.split("/", -1)[2];
        }
        return operation.template().startsWith("/agents") ? element : null;
    }
}
