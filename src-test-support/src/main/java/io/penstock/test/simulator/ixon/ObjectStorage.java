package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.SimulatedResponse;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Objects of an agent or an asset. A foreign host stores the contents; upload and download return its signed URL. It is
 * undocumented that {@code name} names an object.
 */
record ObjectStorage(Cloud cloud, ForeignHost host, Lists lists) {

    /** Returns the URL for an upload. There is no effect until a client puts the content. */
    SimulatedResponse upload(Call call) {
        return url(call, path(call));
    }

    SimulatedResponse download(Call call) {
        String path = path(call);
        if (!host.holds(path)) {
            throw Refusal.notFound("name");
        }
        return url(call, path);
    }

    SimulatedResponse list(Call call) {
        ArrayNode rows = Json.array();
        String folder = folder(call);
        host.below(folder)
                .forEach(path -> rows.add(Json.object().put("name", name(path.substring(folder.length() + 1)))));
        return lists.whole(call, rows);
    }

    SimulatedResponse delete(Call call) {
        String path = path(call);
        if (!host.remove(path)) {
            throw Refusal.notFound("name");
        }
        cloud.act(call, "DELETE", path);
        return Envelope.empty(call);
    }

    private SimulatedResponse url(Call call, String path) {
        ObjectNode data = Json.object();
        data.put("url", host.sign(path).toString()).put("type", "azure-blob-storage");
        return Envelope.of(call, data);
    }

    private static String path(Call call) {
        return path(
                folder(call), Json.requiredText(Json.objectBody(call.request().body()), "name"));
    }

    /** Returns the path of an object on the foreign host. */
    static String path(String folder, String name) {
        return folder + "/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private static String name(String segment) {
        return URLDecoder.decode(segment, StandardCharsets.UTF_8);
    }

    private static String folder(Call call) {
        return "/" + call.company() + call.path().substring(0, call.path().indexOf("/object-storage"));
    }
}
