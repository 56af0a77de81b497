package io.penstock.picus;

import static io.penstock.request.ApiRequest.delete;
import static io.penstock.request.ApiRequest.get;
import static io.penstock.request.ApiRequest.post;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.download.Download;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.paging.Pages;
import io.penstock.paging.Paging;
import io.penstock.picus.model.ActivityLog;
import io.penstock.picus.model.Agent;
import io.penstock.picus.model.ExposureScore;
import io.penstock.picus.model.HostExposure;
import io.penstock.picus.model.Integration;
import io.penstock.picus.model.NewSimulation;
import io.penstock.picus.model.NewThreatFile;
import io.penstock.picus.model.RefreshToken;
import io.penstock.picus.model.Report;
import io.penstock.picus.model.ReportOrder;
import io.penstock.picus.model.RunResult;
import io.penstock.picus.model.Simulation;
import io.penstock.picus.model.StartedSimulation;
import io.penstock.picus.model.Template;
import io.penstock.picus.model.Threat;
import io.penstock.picus.model.User;
import io.penstock.polling.Poll;
import io.penstock.polling.Polling;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.Probe;
import io.penstock.upload.Upload;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The most useful part of the Picus contract, typed. For any other path use {@link #client()}; the path includes the
 * version: {@code v1/threat-library/tags}.
 *
 * <p>Every method returns a cold {@code Mono} or a list. Each subscription is a separate call, as described in
 * {@link ApiClient#execute}. Failures that Picus reports are emitted as a {@link PicusException}. The rights of an
 * access token depend on the scope of its refresh token and on the user's role (page "authentication-method"). The
 * names of the scopes are not published, so none are listed here: an operation without the right fails with
 * {@link ErrorKind#PERMISSION}.
 *
 * <p>GETs and queries in the form of a POST are retried where that can help; so are PUTs and DELETEs, but not after a
 * 408, 500 or 502. Any other POST is retried only after a 429, or if no byte of it was written, because Picus has no
 * idempotency keys (contract). Lists are read page by page from the requested offset, as described in {@link Pages}.
 */
public final class Picus implements AutoCloseable {

    private static final Payload<Page<Agent>> AGENTS = list(Agent.class, "agents");
    private static final Payload<Agent> AGENT = Payload.json(Agent.class).orWrappedIn("Agent");
    private static final Payload<Page<Integration>> INTEGRATIONS = list(Integration.class, "integrations");
    static final Payload<Page<Simulation>> SIMULATIONS = list(Simulation.class, "simulations");
    /** The contract wraps a single object in the plural. */
    private static final Payload<Simulation> SIMULATION =
            Payload.json(Simulation.class).orWrappedIn("Simulations", "Simulation");

    private static final Payload<StartedSimulation> STARTED = Payload.json(StartedSimulation.class);
    private static final Payload<RunResult> RESULT = Payload.json(RunResult.class);
    private static final Payload<Page<Report>> REPORTS = list(Report.class, "reports");
    private static final Payload<Report> REPORT = Payload.json(Report.class);
    private static final Payload<URI> DOWNLOAD_URL = Payload.json(URI.class).inside("downloadUrl");
    private static final Payload<Page<Threat>> THREATS = list(Threat.class, "threats");
    private static final Payload<Threat> THREAT = Payload.json(Threat.class).orWrappedIn("threat");
    private static final Payload<Page<Template>> TEMPLATES = list(Template.class, "templates");
    private static final Payload<Template> TEMPLATE =
            Payload.json(Template.class).orWrappedIn("Template");
    private static final Payload<Page<User>> USERS = list(User.class, "users");
    private static final Payload<Page<ActivityLog>> ACTIVITY_LOGS = list(ActivityLog.class, "activity_logs");
    private static final Payload<Page<ExposureScore>> SCORES = list(ExposureScore.class, "instance_scores");
    private static final Payload<RefreshToken> REFRESH_TOKEN =
            Payload.json(RefreshToken.class).orEmpty();

    private final ApiClient client;

    private Picus(ApiClient client) {
        this.client = client;
    }

    private static <T> Payload<Page<T>> list(Class<T> item, String member) {
        return Payload.page(item, List.of(member), List.of());
    }

    /** Creates a client with a refresh token (Settings > Rest API Token) and the documented settings. */
    public static Picus connect(Secret refreshToken) {
        return over(configure().secret(refreshToken).build());
    }

    /** Returns a builder for a client of Picus whose secret is a refresh token. Pass the client to {@link #over}. */
    public static ApiClientBuilder configure() {
        return ApiClient.builder(PicusVendor.SPEC);
    }

    /** Creates the typed operations over a client and takes ownership of the client. */
    public static Picus over(ApiClient client) {
        return new Picus(client);
    }

    /** Returns the generic client, for operations that are not typed here. */
    public ApiClient client() {
        return client;
    }

    /**
     * Replaces a refresh token. This revokes the current one <em>and all its access tokens, in every process that
     * shares it</em>; this library never does so by itself. This client continues to use the current token, so create
     * another client with the new one. The request is retried only if the server certainly did not act: if the response
     * is lost, so is the new token. An expired refresh token cannot be replaced (page "authentication-method"). The
     * result is read from the body, or else from the headers that the contract names.
     */
    public Mono<RefreshToken> replaceRefreshToken(Secret current) {
        return client.execute(post("v1/auth/refresh")
                        .body(Map.of("refresh_token", current.reveal()))
                        .anonymous()
                        .as(REFRESH_TOKEN))
                .map(Picus::replaced);
    }

    private static RefreshToken replaced(ApiResponse<RefreshToken> answer) {
        RefreshToken body = answer.value();
        RefreshToken replaced = body != null && body.token() != null ? body : RefreshToken.ofHeaders(answer.headers());
        if (replaced.token() == null) {
            throw new ApiException(Failure.of(
                            ErrorKind.UNDECODABLE,
                            Certainty.PROCESSED,
                            Retryability.PERMANENT,
                            "token: neither in the body nor in the headers of POST v1/auth/refresh (expected: the new"
                                    + " refresh token; the former one is dead: create another in the console)")
                    .withStatus(answer.status()));
        }
        return replaced;
    }

    /** Returns all agents, as one page. 100 requests a minute (page "rate-limit"). */
    public Pages<Agent> agents() {
        return client.pages(get("v1/agents").as(AGENTS), Paging.single());
    }

    /** Emits one agent. */
    public Mono<Agent> agent(long id) {
        return client.value(get("v1/agents/{Id}").path("Id", id).as(AGENT));
    }

    /**
     * Emits the token for the installation of an agent. The form of the response is not documented; it contains a
     * secret.
     */
    public Mono<JsonNode> agentInstallToken(String agentType, @Nullable String variant) {
        return client.value(
                get("v1/agents/install-token").query("agent_type", agentType).query("variant", variant));
    }

    /** Returns all integrations, as one page. */
    public Pages<Integration> integrations() {
        return client.pages(get("v1/integrations").as(INTEGRATIONS), Paging.single());
    }

    /**
     * Returns the simulations: 25 per page by default, at most 50. Filters: {@code status}, {@code simulation_name}
     * (contains), {@code agent_name}, {@code agent_id}, {@code template_name}, {@code template_id}, and
     * {@code prevention_result} and {@code detection_result} with {@code _lte} or {@code _gte}.
     */
    public Pages<Simulation> simulations(ListQuery query) {
        return client.pages(query.of(get("v1/simulations").as(SIMULATIONS)), PicusVendor.PAGES);
    }

    /** Emits one simulation with its runs. To wait for its end, poll every 15 to 30 s until its status is final. */
    public Mono<Simulation> simulation(long id) {
        return client.value(get("v1/simulations/{Id}").path("Id", id).as(SIMULATION));
    }

    /**
     * Creates a simulation, and starts it if the order requires that. Picus recognizes an existing order and reports it
     * in {@link StartedSimulation#simulationAlreadyExist()}.
     *
     * <p>If an attempt breaks off and it is unknown whether Picus acted, this method probes with {@link #lookFor}. A
     * simulation that is found is the result, see {@link StartedSimulation#found}. A simulation that is not found may
     * still be created, so the call then fails with {@code MAYBE_PROCESSED} rather than order twice. With
     * {@code force}, which creates another simulation of the same name, there is no probe. Fails with
     * {@link PicusException.LimitReached} if the licence allows no more simulations.
     */
    public Mono<StartedSimulation> createSimulation(NewSimulation order) {
        return Boolean.TRUE.equals(order.more().get("force"))
                ? client.value(creation(order))
                : createSimulation(order, lookFor(order));
    }

    /**
     * Creates a simulation with a custom probe; see {@link #createSimulation(NewSimulation)}. With
     * {@code lookFor(order).trustingAbsenceAfter(time)}, an order that is not found for that time after a lost
     * connection is sent once more; the time that Picus may take is not documented. After an error response it is not
     * sent again: the failure then has the certainty {@code REJECTED}.
     */
    public Mono<StartedSimulation> createSimulation(NewSimulation order, Probe<StartedSimulation> look) {
        return client.value(creation(order).reconciledBy(look));
    }

    private static ApiRequest<StartedSimulation> creation(NewSimulation order) {
        return post("v1/simulations").body(order).as(STARTED);
    }

    /**
     * Returns a probe that looks for the simulation of an order. It compares the name exactly, although the server's
     * filter "contains"; the template and, if the order has one, the agent; and, if the order requires a start, that
     * the simulation has run. The list does not show when a simulation was created, so an earlier one counts as well.
     * Picus treats such an order in the same way: it returns the existing simulation
     * ({@code simulation_already_exist}). Whether Picus then starts that simulation again is not documented; if this
     * matters, read the runs of {@link #simulation}. Several matches, or more than one page, are inconclusive.
     */
    public static Probe<StartedSimulation> lookFor(NewSimulation order) {
        return SimulationLookup.of(order);
    }

    /**
     * Watches the latest run of a simulation until it has ended, as described in {@link Poll}: every 15 to 30 s, for at
     * most 4 h. Any status except completed, stopped and failed means that the run continues. Directly after
     * {@link #simulateNow}, use {@link #watchRun}: the simulation may still show the previous run.
     */
    public Poll<Simulation> watchSimulation(long id) {
        return client.poll(simulationPolling(id));
    }

    /**
     * Returns the polling of {@link #watchSimulation}. Change it and pass it to the client's {@code poll}; use
     * {@code resumed()} after a restart.
     */
    public static Polling<Simulation> simulationPolling(long id) {
        return PicusVendor.SIMULATION.polling(
                SIMULATION,
                simulation -> PicusVendor.RUN_STATES
                        .status(simulation.status())
                        .withPercent(simulation.completionRatio())
                        .withReason(simulation.failReasonMessage()),
                id);
    }

    /** Watches one run until it has ended; see {@link #watchSimulation}. */
    public Poll<RunResult> watchRun(long simulationId, long runId) {
        return client.poll(runPolling(simulationId, runId));
    }

    /**
     * Returns the polling of {@link #watchRun}. Change it and pass it to the client's {@code poll}; use
     * {@code resumed()} after a restart.
     */
    public static Polling<RunResult> runPolling(long simulationId, long runId) {
        return PicusVendor.RUN.polling(
                RESULT,
                run -> PicusVendor.RUN_STATES
                        .status(run.status())
                        .withPercent(run.completionRatio())
                        .withReason(run.failReasonMessage()),
                simulationId,
                runId);
    }

    /** Starts a run. Retried only if Picus certainly did not act. */
    public Mono<StartedSimulation> simulateNow(long id) {
        return client.value(
                post("v1/simulations/{Id}/simulate-now").path("Id", id).as(STARTED));
    }

    /** Stops a running simulation. */
    public Mono<Void> cancelSimulation(long id) {
        return client.value(ApiRequest.of(Method.PUT, "v1/simulations/{Id}/cancel")
                .path("Id", id)
                .as(Payload.none()));
    }

    /** Deletes a simulation. If a retry does not find it, it counts as deleted. */
    public Mono<Void> deleteSimulation(long id) {
        return deleted(delete("v1/simulations/{Id}").path("Id", id));
    }

    /** Emits the current findings of the latest run. Does not poll. */
    public Mono<RunResult> latestResult(long simulationId) {
        return client.value(
                get("v1/simulations/{Id}/run/latest").path("Id", simulationId).as(RESULT));
    }

    /** Emits the current findings of one run. Does not poll. */
    public Mono<RunResult> result(long simulationId, long runId) {
        return client.value(get("v1/simulations/{Id}/run/{RunId}")
                .path("Id", simulationId)
                .path("RunId", runId)
                .as(RESULT));
    }

    /** Returns the threats of the latest run, each with a tree of actions: 10 per page by default, at most 50. */
    public Pages<JsonNode> latestThreats(long simulationId, ListQuery query) {
        return client.pages(
                query.of(get("v1/simulations/{Id}/run/latest/threats")
                        .path("Id", simulationId)
                        .as(list(JsonNode.class, "threats"))),
                PicusVendor.PAGES);
    }

    /** Orders reports, one per format. Retried only if Picus certainly did not act. */
    public Mono<List<Report>> createReports(long simulationId, ReportOrder order) {
        return client.value(post("v2/simulations/{Id}/results/reports")
                        .path("Id", simulationId)
                        .query("type", order.type())
                        .query("runId", order.runId())
                        .body(Map.of(
                                "format", order.formats(),
                                "includesSensitiveData", order.includesSensitiveData(),
                                "onlyPrevention", order.onlyPrevention()))
                        .as(REPORTS))
                .map(Page::items);
    }

    /** Emits one report. Does not poll; a report is ready when its status is completed. Poll every 15 to 30 s. */
    public Mono<Report> report(long simulationId, long reportId) {
        return client.value(ofReport("", simulationId, reportId).as(REPORT));
    }

    /**
     * Watches a report until it can be downloaded, as described in {@link Poll}: every 15 to 30 s, for at most 1 h. No
     * status for a failed report is documented, so a failed report is polled for the whole time.
     */
    public Poll<Report> watchReport(long simulationId, long reportId) {
        return client.poll(reportPolling(simulationId, reportId));
    }

    /**
     * Returns the polling of {@link #watchReport}. Change it and pass it to the client's {@code poll}; use
     * {@code resumed()} after a restart.
     */
    public static Polling<Report> reportPolling(long simulationId, long reportId) {
        return PicusVendor.REPORT.polling(
                REPORT, report -> PicusVendor.REPORT_STATES.status(report.status()), simulationId, reportId);
    }

    /** Emits a completed report. For installations on premises; elsewhere use {@link #reportDownloadUrl} (contract). */
    public Mono<byte[]> downloadReport(long simulationId, long reportId) {
        return client.value(ofReport("/download", simulationId, reportId).as(Payload.bytes()));
    }

    /**
     * Downloads a completed report of any size to a file, as described in {@link ApiClient#download}; see
     * {@link #downloadReport(long, long)}.
     */
    public Mono<Download> downloadReport(long simulationId, long reportId, Path file) {
        return client.download(ofReport("/download", simulationId, reportId), file);
    }

    /**
     * Downloads a report from its {@linkplain #reportDownloadUrl download address} to a file. The address may be on any
     * host. No credential is sent, and logs mask the values in the query of the address.
     */
    public Mono<Download> downloadReport(URI downloadUrl, Path file) {
        return Mono.defer(() -> client.download(ApiRequest.at(downloadUrl), file));
    }

    /**
     * Emits the address of a completed report: an absolute address, possibly on another host. Fetch it without a
     * credential. The address grants access to the report, so do not log it.
     */
    public Mono<URI> reportDownloadUrl(long simulationId, long reportId) {
        return client.value(ofReport("/download-url", simulationId, reportId).as(DOWNLOAD_URL));
    }

    private static ApiRequest<JsonNode> ofReport(String what, long simulationId, long reportId) {
        return get("v2/simulations/{Id}/results/reports/{ReportId}" + what)
                .path("Id", simulationId)
                .path("ReportId", reportId);
    }

    /**
     * Returns the threats of the library. Filters: {@code severities}, {@code attack_category_ids},
     * {@code attack_module_ids}, {@code release_date_gte}, {@code release_date_lte}, {@code is_predefined},
     * {@code affected_products}, {@code affected_os}, {@code unified_kill_chains}, {@code threat_actors},
     * {@code mitre_attack}, {@code attacker_objectives}.
     */
    public Pages<Threat> threats(ListQuery query) {
        return client.pages(query.of(get("v1/threat-library/threats").as(THREATS)), PicusVendor.PAGES);
    }

    /** Emits one threat. */
    public Mono<Threat> threat(long id) {
        return client.value(
                get("v1/threat-library/threats/{ThreatId}").path("ThreatId", id).as(THREAT));
    }

    /**
     * Creates a threat from {@code affected_os}, {@code description}, {@code from_campaign}, {@code name},
     * {@code objectives}, {@code result_condition}, {@code severity}, {@code tags}, {@code threat_actor_id}. Retried
     * only if Picus certainly did not act.
     */
    public Mono<Threat> createThreat(Map<String, ?> members) {
        return client.value(post("v1/threat-library/threats").body(members).as(THREAT));
    }

    /** Deletes a threat. If a retry does not find it, it counts as deleted. */
    public Mono<Void> deleteThreat(long id) {
        return deleted(delete("v1/threat-library/threats/{ThreatId}").path("ThreatId", id));
    }

    /** Returns the templates. Filters: {@code category_name}, {@code content_type}. */
    public Pages<Template> templates(ListQuery query) {
        return client.pages(query.of(get("v1/templates").as(TEMPLATES)), PicusVendor.PAGES);
    }

    /** Emits one template. 2500 requests a minute (page "rate-limit"). */
    public Mono<Template> template(long id) {
        return client.value(get("v1/templates/{Id}").path("Id", id).as(TEMPLATE));
    }

    /**
     * Creates a template from {@code content}, {@code description}, {@code name}. Retried only if Picus certainly did
     * not act.
     */
    public Mono<Template> createTemplate(Map<String, ?> members) {
        return client.value(post("v1/templates").body(members).as(TEMPLATE));
    }

    /** Returns the users. Filter: {@code role}. */
    public Pages<User> users(ListQuery query) {
        return client.pages(query.of(get("v1/users").as(USERS)), PicusVendor.PAGES);
    }

    /** Invites a user and emits the id. Retried only if Picus certainly did not act. */
    public Mono<Long> inviteUser(String email, String loginType, long roleId) {
        return client.value(post("v1/users/invite")
                .body(Map.of("email", email, "login_type", loginType, "role_id", roleId))
                .as(Payload.json(Long.class).inside("id")));
    }

    /** Assigns a role to a user. */
    public Mono<Void> assignRole(long userId, long roleId) {
        return client.value(ApiRequest.of(Method.PUT, "v1/users/{userId}/role")
                .path("userId", userId)
                .body(Map.of("role_id", roleId))
                .as(Payload.none()));
    }

    /** Deletes a user. If a retry does not find it, it counts as deleted. */
    public Mono<Void> deleteUser(long id) {
        return deleted(delete("v1/users/{userId}").path("userId", id));
    }

    /** Returns the activity log. Filters: {@code date_start}, {@code date_end}; their format is not documented. */
    public Pages<ActivityLog> activityLogs(ListQuery query) {
        return client.pages(query.of(get("v1/activity-logs").as(ACTIVITY_LOGS)), PicusVendor.PAGES);
    }

    /** Emits the scores of exposures on hosts. A read in the form of a POST, retried like a read (inferred). */
    public Mono<List<ExposureScore>> scores(List<HostExposure> pairs) {
        return client.value(post("v1/exposures/instances/scores")
                        .body(Map.of("filters", Map.of("host_exposure_pairs", pairs)))
                        .idempotent()
                        .as(SCORES))
                .map(Page::items);
    }

    /**
     * Emits the summary of simulations, from {@code periodType} and {@code simulationIds}. The form of the response is
     * not documented. A read in the form of a POST, retried like a read (inferred).
     */
    public Mono<JsonNode> summary(Map<String, ?> members) {
        return client.value(post("v1/summary/overall").body(members).idempotent());
    }

    /**
     * Returns the custom detection content: 10 items per page by default. Filters: {@code Search},
     * {@code RuleSeverity}, {@code OrderBy}, {@code IsAscending}.
     */
    public Pages<JsonNode> customDetectionContent(ListQuery query) {
        return client.pages(
                query.of(
                        get("v1/mitigation/detection-content/custom").as(list(JsonNode.class, "rules")),
                        "Limit",
                        "Offset"),
                PicusVendor.CONTENT_PAGES);
    }

    /**
     * Uploads a file of the threat library and emits its id (contract). The file is read while it is sent. Retried only
     * if Picus certainly did not act; the file must not change until then.
     */
    public Mono<Long> uploadFile(NewThreatFile file) {
        return client.value(post("v1/threat-library/files")
                .body(Upload.form()
                        .file("file", file.file())
                        .text("file_type", file.fileType())
                        .text("type", file.type())
                        .text("download_path", file.downloadPath())
                        .text("is_executable", file.isExecutable())
                        .text("skip_zip_extract", file.skipZipExtract()))
                .as(Payload.json(Long.class).inside("remote_file_id")));
    }

    /**
     * Imports threats from a {@code .yaml}, {@code .yml} or encrypted {@code .zip} file (contract). The known members
     * of the response are {@code action_count}, {@code attack_module}, {@code campaign_id}, {@code category_names} and
     * {@code filename}. Retried only if Picus certainly did not act.
     */
    public Mono<JsonNode> importThreats(Path file) {
        return client.value(
                post("v1/threat-library/threats/import").body(Upload.form().file("file", file)));
    }

    private Mono<Void> deleted(ApiRequest<JsonNode> request) {
        return client.value(request.as(Payload.none())).onErrorComplete(Picus::isGoneByAnEarlierAttempt);
    }

    private static boolean isGoneByAnEarlierAttempt(Throwable error) {
        return error instanceof ApiException e
                && ErrorKind.NOT_FOUND.matches(e)
                && e.journey().attempts().stream()
                        .anyMatch(sent -> sent.failure() != null
                                && sent.failure().certainty().mayHaveActed());
    }

    /** Closes all connections without waiting until they are closed. */
    @Override
    public void close() {
        client.close();
    }
}
