package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.SimulatedResponse;
import io.penstock.test.simulator.parts.FileHost;
import io.penstock.test.simulator.parts.Store;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reports of a simulation: created, polled, and downloaded here or from the foreign host. */
final class Reports {

    private static final String REPORTS = "/v2/simulations/{Id}/results/reports";
    private static final String OCTETS = "application/octet-stream";
    private static final byte[] CSV = "threat,result\n".getBytes(StandardCharsets.UTF_8);
    private static final String IN_PROGRESS = "IN PROGRESS";

    private final PicusRules rules;
    private final EffectLedger effects;
    private final Envelopes envelopes;
    private final Simulations simulations;
    private final FileHost files;
    private final Store<Long, Report> reports = new Store<>(Refusal::notFound);
    private long lastId;
    private JobCourse course = JobCourse.byHand();

    Reports(PicusRules rules, EffectLedger effects, Envelopes envelopes, Simulations simulations, FileHost files) {
        this.rules = rules;
        this.effects = effects;
        this.envelopes = envelopes;
        this.simulations = simulations;
        this.files = files;
    }

    /**
     * Returns the routes. The contract declares plain errors for these operations, although they belong to version 2.
     */
    List<Route> routes() {
        return List.of(
                Route.post(REPORTS, this::create),
                Route.get(REPORTS + "/{ReportId}", this::detail),
                Route.get(REPORTS + "/{ReportId}/download", this::download),
                Route.get(REPORTS + "/{ReportId}/download-url", this::downloadUrl));
    }

    /** Sets the course of reports that are created from now on. */
    void course(JobCourse next) {
        course = next;
    }

    Job job(long reportId) {
        return reports.existing(reportId, "reportId", "the id of a created report")
                .job();
    }

    /** Creates one report for each format. */
    private SimulatedResponse create(Call call) {
        Simulation simulation = simulations.find(call, "Id");
        String type = call.required("type");
        switch (type) {
            case "overview" -> {}
            case "run" -> {
                if (!call.required("runId").equals("latest")) {
                    call.number("runId", 0);
                }
            }
            default -> throw Refusal.notOneOf("type", "run overview", type);
        }
        ObjectNode body = call.body();
        if (!(body.get("format") instanceof ArrayNode formats) || formats.isEmpty()) {
            throw Refusal.required("format");
        }
        for (JsonNode format : formats) {
            if (!List.of("PDF", "CSV").contains(format.asString())) {
                throw Refusal.notOneOf("format", "PDF CSV", format.asString());
            }
        }
        boolean sensitive = Json.flag(body, "includesSensitiveData");
        boolean preventionOnly = Json.flag(body, "onlyPrevention");
        ArrayNode created = Json.array();
        for (JsonNode format : formats) {
            Report report = new Report(
                    ++lastId,
                    simulation.id,
                    format.asString(),
                    sensitive,
                    preventionOnly,
                    new Job(IN_PROGRESS, IN_PROGRESS, course, rules.clock()));
            reports.put(report.id(), report);
            effects.enter(call.operation(), Long.toString(report.id()), null);
            created.add(report.summary());
        }
        return envelopes.created(created);
    }

    private SimulatedResponse detail(Call call) {
        Report report = find(call);
        report.job().poll(rules.pollsToFinish());
        return Json.ok(report.summary()
                .put("name", "report-" + report.id())
                .put("includesSensitiveData", report.sensitive())
                .put("isPreventionOnly", report.preventionOnly()));
    }

    private SimulatedResponse download(Call call) {
        Report report = completed(call);
        return SimulatedResponse.bytes(200, OCTETS, report.content())
                .withHeader("Content-Disposition", "attachment; filename=\"" + report.file() + "\"");
    }

    private SimulatedResponse downloadUrl(Call call) {
        Report report = completed(call);
        return Json.ok(Json.object()
                .put(
                        "downloadUrl",
                        files.publish("/reports/" + report.file(), OCTETS, report.content())
                                .toString()));
    }

    /** Returns a completed report. It is undocumented that a report is not found before it is completed. */
    private Report completed(Call call) {
        Report report = find(call);
        if (!report.job().status().equals(Job.COMPLETED)) {
            throw Refusal.notFound();
        }
        return report;
    }

    private Report find(Call call) {
        Simulation simulation = simulations.find(call, "Id");
        Report report = reports.find(call.id("ReportId"));
        if (report.simulationId() != simulation.id || !report.job().exists()) {
            throw Refusal.notFound();
        }
        return report;
    }

    private record Report(
            long id, long simulationId, String format, boolean sensitive, boolean preventionOnly, Job job) {

        ObjectNode summary() {
            return Json.object().put("format", format).put("id", id).put("status", job.status());
        }

        byte[] content() {
            return format.equals("PDF") ? FileHost.pdf() : CSV.clone();
        }

        String file() {
            return "report-" + id + (format.equals("PDF") ? ".pdf" : ".csv");
        }
    }
}
