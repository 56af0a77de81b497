package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.Store;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reports and exports, inferred. A client starts one and polls it until it is {@code completed}; then
 * {@code download[0]} is the link. The required members of such a request, the path of the link and the file are this
 * simulator's choice.
 */
final class Exports extends Section {

    private static final byte[] FILE = "%PDF-1.4\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);

    private final String kind;
    private final Store<String, Job> exports = new Store<>(Refusal::notFound);

    /**
     * Creates a collection.
     *
     * @param kind {@code report} or {@code export}: the singular of the path's segment
     */
    Exports(InvictiRules rules, Wire wire, Ids ids, Audit audit, String kind) {
        super(rules, wire, ids, audit);
        this.kind = kind;
    }

    SimulatedResponse start(Call call) {
        Json.requestBody(call.request());
        String id = ids.next(kind);
        Job job = new Job(kind + " " + id, "queued", JobCourse.byHand(), rules.clock());
        exports.put(id, job);
        audit.acted(call, id);
        return wire.created(call, CreateAnswer.BODY_AND_LOCATION, path(id), json(call, id, job));
    }

    SimulatedResponse get(Call call) {
        Job job = exports.find(call.id());
        job.poll(rules.pollsUntilDone());
        return Json.response(200, json(call, call.id(), job));
    }

    SimulatedResponse download(Call call) {
        if (!exports.find(call.id()).isCompleted()) {
            throw Refusal.notFound();
        }
        return SimulatedResponse.bytes(200, "application/pdf", FILE);
    }

    boolean advance(String id, String status) {
        boolean known = exports.has(id);
        if (known) {
            exports.find(id).advance(status);
        }
        return known;
    }

    private ObjectNode json(Call call, String id, Job job) {
        ObjectNode json = Json.object().put(kind + "_id", id).put("status", job.status());
        ArrayNode download = json.putArray("download");
        if (job.isCompleted()) {
            download.add(wire.address(call.request(), path(id) + "/download"));
        }
        return json;
    }

    private String path(String id) {
        return "/api/v1/" + kind + "s/" + id;
    }
}
