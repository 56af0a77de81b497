package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.FileHost;
import io.penstock.test.simulator.parts.SimulatedJob;
import io.penstock.test.simulator.parts.Store;
import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Scans, started once per idempotency key. They move by their course or when a test moves them. The members of a scan
 * are undocumented; these are the ones of the webhook's {@code data}, and {@code scan_type} as requested.
 */
final class Scans {

    static final String START = "POST /v1/scans";

    /** The tokens that a scan holds (page "tokens-and-pricing"). */
    private static final Map<String, Long> COSTS = Map.of("quick", 1_000L, "standard", 5_000L, "compliance", 25_000L);

    /** {@code succeeded} is documented; the others follow the names of the webhook's events. */
    private static final List<String> STATUSES = List.of("queued", "running", "succeeded", "failed", "cancelled");

    private static final Set<String> ENDS = Set.of("succeeded", "failed", "cancelled");

    private final PentifyRules rules;
    private final EffectLedger effects;
    private final TokenAccount account;
    private final Targets targets;
    private final Store<String, Scan> scans = new Store<>(Refusal::notFound);
    private final Map<IdempotencyKey, Started> started = new HashMap<>();
    private final Map<String, URI> reports = new HashMap<>();
    private JobCourse course = JobCourse.byHand();

    Scans(PentifyRules rules, EffectLedger effects, TokenAccount account, Targets targets) {
        this.rules = rules;
        this.effects = effects;
        this.account = account;
        this.targets = targets;
    }

    /** Sets the course of scans that start from now on. */
    void course(JobCourse next) {
        course = next;
    }

    Collection<ObjectNode> all() {
        return scans.all().stream().filter(this::movedOn).map(Scan::json).toList();
    }

    ObjectNode find(String id) {
        Scan scan = scans.find(id);
        if (!movedOn(scan)) {
            throw Refusal.notFound();
        }
        return scan.json();
    }

    /** Moves a scan to the state that its course has reached; returns false if the scan does not exist yet. */
    private boolean movedOn(Scan scan) {
        boolean exists = scan.job().exists();
        if (!scan.json().path("status").stringValue().equals(scan.job().status())) {
            put(scan, scan.job().status());
        }
        return exists;
    }

    SimulatedResponse start(Call call) {
        ObjectNode body = Json.requestBody(call.request());
        String target = Json.text(body, "target");
        String type = Json.text(body, "scan_type");
        Long cost = COSTS.get(type);
        if (cost == null) {
            throw Refusal.of(422, "unprocessable", "The scan_type is not supported.");
        }
        String value = body.has("idempotency_key") ? Json.text(body, "idempotency_key") : null;
        IdempotencyKey key =
                value == null ? null : new IdempotencyKey(call.key().secret(), value);
        Started before = key == null ? null : started.get(key);
        if (before != null) {
            return replay(before, body);
        }
        targets.requireVerified(target);
        account.require(cost);
        ObjectNode scan = create(target, type, cost, value);
        if (key != null) {
            started.put(key, new Started(body, scan));
        }
        return Json.response(201, scan);
    }

    /** Answers a repeated key. It is undocumented that another body under a known key is a conflict. */
    private SimulatedResponse replay(Started before, ObjectNode body) {
        if (!before.body().equals(body)) {
            throw Refusal.conflict("The idempotency_key was used with another body.");
        }
        return Json.response(rules.replayStatus(), before.scan());
    }

    private ObjectNode create(String target, String type, long cost, @Nullable String idempotencyKey) {
        String id = Ids.resource("scn_", rules.clock().millis());
        ObjectNode scan = Json.object();
        scan.put("id", id)
                .put("target", target)
                .put("scan_type", type)
                .put("status", "queued")
                .put("created_at", Json.timestamp(rules.clock()));
        scans.put(id, new Scan(scan, new SimulatedJob("queued", ENDS, course, rules.clock())));
        account.hold(id, cost);
        effects.enter(START, id, idempotencyKey);
        return scan;
    }

    /** Answers with a report. Its members are undocumented; these are the ones of the webhook's {@code data}. */
    SimulatedResponse report(Call call, FileHost store) {
        ObjectNode scan = find(call.id());
        if (!isSucceeded(scan)) {
            throw Refusal.notFound();
        }
        if (wantsPdf(call.request())) {
            return SimulatedResponse.empty(302)
                    .withHeader("Location", pdf(call.id(), store).toString());
        }
        ObjectNode report = Json.object();
        report.put("scan_id", call.id());
        report.set("target", scan.get("target"));
        report.put("status", "succeeded").put("findings_count", 0);
        return Json.response(200, report);
    }

    /** Returns the signed URL of a PDF. The names in the signed query are undocumented. */
    private URI pdf(String id, FileHost store) {
        return reports.computeIfAbsent(id, unsigned -> {
            String path = "/reports/" + id + ".pdf?X-Signature=" + Ids.secret("");
            return store.publish(path, "application/pdf", FileHost.pdf());
        });
    }

    void advance(String id, String status) {
        if (!STATUSES.contains(status)) {
            throw new IllegalArgumentException(
                    "status: " + status + " (expected one of: " + String.join(", ", STATUSES) + ")");
        }
        Scan scan = scans.existing(id, "scanId", "the id of a started scan");
        if (scan.job().isEnded()) {
            throw new IllegalStateException(
                    "scan " + id + " has ended as " + scan.job().status() + " (expected: queued or running)");
        }
        scan.job().become(status);
        put(scan, status);
    }

    private void put(Scan scan, String status) {
        String id = scan.json().get("id").stringValue();
        scan.json().put("status", status);
        switch (status) {
            case "succeeded" -> account.settle(id);
            case "failed", "cancelled" -> account.release(id);
            default -> {}
        }
    }

    private static boolean isSucceeded(ObjectNode scan) {
        return scan.get("status").stringValue().equals("succeeded");
    }

    /** Returns whether the request asks for the PDF. How a request asks for it is undocumented. */
    private static boolean wantsPdf(LoggedRequest request) {
        String accept = request.header("accept");
        return accept != null && accept.contains("application/pdf");
    }

    private record IdempotencyKey(String caller, String value) {}

    private record Scan(ObjectNode json, SimulatedJob job) {}

    private record Started(ObjectNode body, ObjectNode scan) {}
}
