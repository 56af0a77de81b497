package io.penstock.picus;

import static io.penstock.request.ApiRequest.post;

import io.penstock.ApiClient;
import io.penstock.body.Payload;
import io.penstock.download.Download;
import io.penstock.picus.model.Report;
import io.penstock.picus.model.ReportOrder;
import io.penstock.polling.Poll;
import io.penstock.polling.Polling;
import io.penstock.request.ApiRequest;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** Reports of simulations: {@link Picus#reports()}. */
public final class PicusReports {

    private static final Payload<List<Report>> REPORTS =
            Payload.json(new TypeReference<List<Report>>() {}).orWrappedIn("reports");
    private static final Payload<Report> REPORT = Payload.json(Report.class);
    private static final Payload<URI> DOWNLOAD_URL = Payload.json(URI.class).inside("downloadUrl");

    private final Calls calls;

    PicusReports(Calls calls) {
        this.calls = calls;
    }

    /** Orders reports, one per format. Retried only if Picus certainly did not act. */
    public Mono<List<Report>> create(long simulationId, ReportOrder order) {
        return calls.value(post("v2/simulations/{Id}/results/reports")
                .path("Id", simulationId)
                .query("type", order.type())
                .query("runId", order.runId())
                .body(Map.of(
                        "format", order.formats(),
                        "includesSensitiveData", order.includesSensitiveData(),
                        "onlyPrevention", order.onlyPrevention()))
                .as(REPORTS));
    }

    /** Emits one report. Does not poll; a report is ready when its status is completed. */
    public Mono<Report> get(long simulationId, long reportId) {
        return calls.value(of("", simulationId, reportId).as(REPORT));
    }

    /**
     * Watches a report until it can be downloaded, as described in {@link Poll}: every 15 to 30 s, for at most 1 h. No
     * status for a failed report is documented, so a failed report is polled for the whole time.
     */
    public Poll<Report> watch(long simulationId, long reportId) {
        return calls.client().poll(polling(simulationId, reportId));
    }

    /**
     * Returns the polling of {@link #watch}. Change it and pass it to the client's {@code poll}; use
     * {@code resumed()} after a restart.
     */
    public static Polling<Report> polling(long simulationId, long reportId) {
        return PicusVendor.REPORT.polling(
                REPORT, report -> PicusVendor.REPORT_STATES.status(report.status()), simulationId, reportId);
    }

    /** Emits a completed report. For installations on premises; elsewhere use {@link #downloadUrl} (contract). */
    public Mono<byte[]> download(long simulationId, long reportId) {
        return calls.value(of("/download", simulationId, reportId).as(Payload.bytes()));
    }

    /**
     * Downloads a completed report of any size to a file, as described in {@link ApiClient#download}; see
     * {@link #download(long, long)}.
     */
    public Mono<Download> download(long simulationId, long reportId, Path file) {
        return calls.client().download(of("/download", simulationId, reportId), file);
    }

    /**
     * Downloads a report from its {@linkplain #downloadUrl download address} to a file. The address may be on any host.
     * No credential is sent, and logs mask the values in the query of the address.
     */
    public Mono<Download> download(URI downloadUrl, Path file) {
        return Mono.defer(() -> calls.client().download(ApiRequest.at(downloadUrl), file));
    }

    /**
     * Emits the address of a completed report: an absolute address, possibly on another host. Fetch it without a
     * credential. The address grants access to the report, so do not log it.
     */
    public Mono<URI> downloadUrl(long simulationId, long reportId) {
        return calls.value(of("/download-url", simulationId, reportId).as(DOWNLOAD_URL));
    }

    private static ApiRequest<JsonNode> of(String rest, long simulationId, long reportId) {
        return ApiRequest.get("v2/simulations/{Id}/results/reports/{ReportId}" + rest)
                .path("Id", simulationId)
                .path("ReportId", reportId);
    }
}
