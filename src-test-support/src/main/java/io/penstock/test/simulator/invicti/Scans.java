package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.Store;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Scans, each with one result. The start of a scan and its statistics are documented (pages "s2-launch",
 * "s2-review-and-report"); the rest is inferred. Undocumented: that a scan may name an unknown target, which lets a
 * test begin with a scan; that a scan waits as {@code queued}, or as {@code scheduled} if its schedule is disabled;
 * that the result has the id of the scan's session; that abort, pause, resume and trigger are answered with 204 in any
 * state.
 */
final class Scans extends Section {

    /** From the sample: 14:30 to 16:45. */
    private static final Duration ESTIMATE = Duration.ofMinutes(135);

    private final Targets targets;
    private final Store<String, Scan> scans = new Store<>(Refusal::notFound);
    private JobCourse course = JobCourse.byHand();

    Scans(InvictiRules rules, Wire wire, Ids ids, Audit audit, Targets targets) {
        super(rules, wire, ids, audit);
        this.targets = targets;
    }

    /** Sets the course of scans that start from now on. */
    void course(JobCourse next) {
        course = next;
    }

    Collection<ObjectNode> all() {
        return scans.all().stream().filter(this::exists).map(Scan::json).toList();
    }

    SimulatedResponse start(Call call) {
        ObjectNode body = Json.requestBody(call.request());
        new Validation(body)
                .required("user_authorized_to_scan")
                .required("target_id")
                .required("profile_id")
                .check();
        if (rules.scanAnswer() == ScanAnswer.DECLINED) {
            ObjectNode result = Json.object().put("success", false);
            return Json.response(200, result.put("message", "Scan could not be started"));
        }
        String id = ids.next("scan");
        ObjectNode created = created(id, body);
        boolean waits = created.at("/schedule/disable").asBoolean(false);
        Job job = waits
                ? new Job("scan " + id, "scheduled", JobCourse.byHand(), rules.clock())
                : new Job("scan " + id, "queued", course, rules.clock());
        scans.put(id, new Scan(created, ids.next("session"), wire.dastNow(), job));
        targets.scanned(created.get("target_id").stringValue());
        audit.acted(call, id);
        return rules.scanAnswer() == ScanAnswer.CREATED
                ? wire.created(call, CreateAnswer.BODY_AND_LOCATION, "/api/v1/scans/" + id, created)
                : Json.response(200, operationResult(id));
    }

    /** Returns the published part of the sample, in its order. */
    private ObjectNode created(String id, ObjectNode body) {
        ObjectNode json = Json.object();
        json.set("profile_id", body.get("profile_id"));
        ObjectNode schedule = json.putObject("schedule");
        ObjectNode given = body.get("schedule") instanceof ObjectNode object ? object : Json.object();
        schedule.set("disable", Json.member(given, "disable", BooleanNode.FALSE));
        schedule.set("time_sensitive", Json.member(given, "time_sensitive", BooleanNode.FALSE));
        schedule.put("triggerable", false);
        json.set("target_id", body.get("target_id"));
        json.put("continuous", false)
                .put("incremental", false)
                .put("max_scan_time", 0)
                .put("next_run", wire.dastNow());
        json.set("user_authorized_to_scan", body.get("user_authorized_to_scan"));
        return json.put("scan_id", id);
    }

    /** Returns the literal sample of the page "s1-handle-responses" with this scan's id and time. */
    private ObjectNode operationResult(String id) {
        return Json.object()
                .put("success", true)
                .put("message", "Scan started successfully")
                .put("scanId", id)
                .put(
                        "estimatedCompletionTime",
                        rules.timestampForm().platform(rules.clock().instant().plus(ESTIMATE)));
    }

    SimulatedResponse get(Call call) {
        return Json.response(200, look(call).json());
    }

    List<ObjectNode> results(Call call) {
        return List.of(look(call).result(call.id()));
    }

    /**
     * Answers with the published part of the sample. The text of later messages is unknown, so there is only this one.
     */
    SimulatedResponse statistics(Call call) {
        Scan scan = result(look(call), call);
        ObjectNode json = Json.object();
        json.putArray("scanMessage")
                .addObject()
                .put("id", 1)
                .put("level", -1)
                .put("message", "")
                .put("targetId", scan.created.get("target_id").stringValue())
                .put("messageDate", scan.startedAt)
                .put("messageKind", "scanning");
        return Json.response(200, json);
    }

    Collection<ObjectNode> vulnerabilities(Call call) {
        return result(find(call.id()), call).vulnerabilities.values();
    }

    /** Answers with raw text. Its media type is undocumented. */
    SimulatedResponse httpResponse(Call call) {
        boolean known = scans.all().stream().anyMatch(scan -> scan.vulnerabilities.containsKey(call.id()));
        if (!known) {
            throw Refusal.notFound();
        }
        return SimulatedResponse.text(
                200, "text/plain", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html></html>");
    }

    /** Makes a change, which is an effect if it returns true. */
    SimulatedResponse change(Call call, Predicate<Job> change) {
        if (change.test(find(call.id()).job)) {
            audit.acted(call, call.id());
        }
        return SimulatedResponse.empty(204);
    }

    void advance(String id, String status) {
        scans.existing(id, "scanId", "the id of a started scan").job.advance(status);
    }

    /** Adds a vulnerability with inferred members. */
    String addVulnerability(String scanId, String name) {
        Scan scan = scans.existing(scanId, "scanId", "the id of a started scan");
        String id = ids.next("vulnerability");
        ObjectNode json = Json.object();
        json.put("vuln_id", id).set("target_id", scan.created.get("target_id"));
        scan.vulnerabilities.put(id, json.put("severity", 3).put("vt_name", name));
        return id;
    }

    private Scan look(Call call) {
        Scan scan = find(call.id());
        scan.job.poll(rules.pollsUntilDone());
        noteEnd(scan);
        return scan;
    }

    /** Returns the scan of a request in the state that its course has reached. */
    private Scan find(String id) {
        Scan scan = scans.find(id);
        if (!exists(scan)) {
            throw Refusal.notFound();
        }
        return scan;
    }

    private boolean exists(Scan scan) {
        boolean exists = scan.job.exists();
        noteEnd(scan);
        return exists;
    }

    private void noteEnd(Scan scan) {
        if (scan.job.isEnded() && scan.endedAt == null) {
            scan.endedAt = wire.dastNow();
        }
    }

    private static Scan result(Scan scan, Call call) {
        if (!scan.session.equals(call.values().get("result"))) {
            throw Refusal.notFound();
        }
        return scan;
    }

    private static final class Scan {
        private final ObjectNode created;
        private final String session;
        private final String startedAt;
        private final Job job;
        private final Map<String, ObjectNode> vulnerabilities = new LinkedHashMap<>();
        /** The time at which a request first saw the end. */
        private @Nullable String endedAt;

        Scan(ObjectNode created, String session, String startedAt, Job job) {
            this.created = created;
            this.session = session;
            this.startedAt = startedAt;
            this.job = job;
        }

        ObjectNode json() {
            ObjectNode json = created.deepCopy();
            json.putObject("current_session")
                    .put("scan_session_id", session)
                    .put("status", job.status())
                    .put("start_date", startedAt);
            return json;
        }

        ObjectNode result(String scanId) {
            return Json.object()
                    .put("result_id", session)
                    .put("scan_id", scanId)
                    .put("status", job.status())
                    .put("start_date", startedAt)
                    .put("end_date", endedAt);
        }
    }
}
