package io.penstock.picus;

import io.penstock.body.Payload;
import io.penstock.paging.Pages;
import io.penstock.picus.model.RunResult;
import io.penstock.polling.Poll;
import io.penstock.polling.Polling;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One run of a simulation, known by its id: {@link Picus#run}. */
public final class NumberedRun extends PicusRun {

    private final Polling<RunResult> polling;

    NumberedRun(Calls calls, long simulationId, long runId) {
        super(calls, simulationId, runId);
        polling = PicusVendor.RUN.polling(
                Payload.json(RunResult.class),
                run -> PicusVendor.RUN_STATES
                        .status(run.status())
                        .withPercent(run.completionRatio())
                        .withReason(run.failReasonMessage()),
                simulationId,
                runId);
    }

    /** Watches the run until it has ended; see {@link PicusSimulations#watch}. */
    public Poll<RunResult> watch() {
        return calls.client().poll(polling);
    }

    /**
     * Returns the polling of {@link #watch}. Change it and pass it to the client's {@code poll}; use {@code resumed()}
     * after a restart.
     */
    public Polling<RunResult> polling() {
        return polling;
    }

    /**
     * Returns the links of the files with the raw logs that an integration has of a threat, as one page. Their form is
     * not documented.
     *
     * @param peerId the peer
     * @param actionId the action; null for all
     */
    public Pages<JsonNode> rawLogs(long threatId, long peerId, long integrationId, @Nullable Long actionId) {
        return calls.whole(
                ofThreat(threatId, "/peers/{PeerId}/integrations/{IntegrationId}/raw-logs")
                        .path("PeerId", peerId)
                        .path("IntegrationId", integrationId)
                        .query("actionId", actionId),
                JsonNode.class,
                "raw_log_file_links");
    }
}
