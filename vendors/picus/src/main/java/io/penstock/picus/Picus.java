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
 * The most useful part of the Picus contract, typed. For anything else {@link #client()} takes any path, version
 * included: {@code v1/threat-library/tags}.
 *
 * <p>Every method gives a cold {@code Mono}; each subscription is a call of its own, as {@link ApiClient#execute} tells.
 * What Picus refuses comes as a {@link PicusException}. What an access token may do depends on the scope of its refresh
 * token and on the user's role (page "authentication-method"); the names of the scopes are not published, so that none
 * is told here: an operation that is out of reach fails with {@link ErrorKind#PERMISSION}.
 *
 * <p>GETs and queries in the form of a POST are sent again where that can help; PUTs and DELETEs too, but not after a 408,
 * 500 or 502; any other POST only after a 429, or if not a byte of it was written, because Picus knows no idempotency keys
 * (contract). Lists come page by page, from the offset that is asked for, as
 * {@link Pages} tells.
 */
public final class Picus implements AutoCloseable {

    private static final Payload<Page<Agent>> AGENTS = list(Agent.class, "agents");
    private static final Payload<Agent> AGENT = Payload.json(Agent.class).orWrappedIn("Agent");
    private static final Payload<Page<Integration>> INTEGRATIONS = list(Integration.class, "integrations");
    static final Payload<Page<Simulation>> SIMULATIONS = list(Simulation.class, "simulations");
    /** The contract wraps one object under the plural. */
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

    /** A client with that refresh token (Settings > Rest API Token) and the documented settings. */
    public static Picus connect(Secret refreshToken) {
        return over(configure().secret(refreshToken).build());
    }

    /** A client of Picus, to be configured and handed to {@link #over}; its secret is a refresh token. */
    public static ApiClientBuilder configure() {
        return ApiClient.builder(PicusVendor.SPEC);
    }

    /** The typed operations over that client, which belongs to them from now on. */
    public static Picus over(ApiClient client) {
        return new Picus(client);
    }

    /** The generic client, for what is not typed here. */
    public ApiClient client() {
        return client;
    }

    /**
     * Replaces a refresh token, which kills it <em>and all its access tokens, in every process that shares it</em>: this
     * library never does so by itself. This client too goes on with the former one, so make another with the new one.
     * Not sent again unless the server certainly did not act: if the answer is lost, so is the new token. A refresh token
     * that has expired cannot be replaced (page "authentication-method"). The result is read from the body, else from the
     * headers in which the contract has it.
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

    /** All agents, as one page. 100 requests a minute (page "rate-limit"). */
    public Pages<Agent> agents() {
        return client.pages(get("v1/agents").as(AGENTS), Paging.single());
    }

    /** One agent. */
    public Mono<Agent> agent(long id) {
        return client.value(get("v1/agents/{Id}").path("Id", id).as(AGENT));
    }

    /** What installs an agent. The form of the answer is not documented; it holds a secret. */
    public Mono<JsonNode> agentInstallToken(String agentType, @Nullable String variant) {
        return client.value(
                get("v1/agents/install-token").query("agent_type", agentType).query("variant", variant));
    }

    /** All integrations, as one page. */
    public Pages<Integration> integrations() {
        return client.pages(get("v1/integrations").as(INTEGRATIONS), Paging.single());
    }

    /**
     * The simulations: 25 in a page unless asked for, at most 50. Filters: {@code status}, {@code simulation_name} (contains),
     * {@code agent_name}, {@code agent_id}, {@code template_name}, {@code template_id}, and {@code prevention_result} and
     * {@code detection_result} with {@code _lte} or {@code _gte}.
     */
    public Pages<Simulation> simulations(ListQuery query) {
        return client.pages(query.of(get("v1/simulations").as(SIMULATIONS)), PicusVendor.PAGES);
    }

    /** One simulation with its runs. To wait for its end, ask again every 15 to 30 s until its status is final. */
    public Mono<Simulation> simulation(long id) {
        return client.value(get("v1/simulations/{Id}").path("Id", id).as(SIMULATION));
    }

    /**
     * Creates a simulation, and starts it if the order says so. Picus recognises an order it already has, and says so in
     * {@link StartedSimulation#simulationAlreadyExist()}.
     *
     * <p>Where an attempt breaks off and nobody can tell whether Picus acted, this looks with {@link #lookFor}: a simulation
     * that is there is the result, see {@link StartedSimulation#found}. One that is not may still come, so that this then
     * fails with {@code MAYBE_PROCESSED} rather than order twice. With {@code force}, which makes another of the same name,
     * it does not look. Fails with {@link PicusException.LimitReached} where the licence allows no more.
     */
    public Mono<StartedSimulation> createSimulation(NewSimulation order) {
        return Boolean.TRUE.equals(order.more().get("force"))
                ? client.value(creation(order))
                : createSimulation(order, lookFor(order));
    }

    /**
     * As {@link #createSimulation(NewSimulation)}, with a look of the caller's. With {@code lookFor(order)
     * .trustingAbsenceAfter(time)} an order that is not found for so long after a lost connection is sent once more; how long
     * Picus may take is not documented. After an error answer it is not: the failure then says {@code REJECTED}.
     */
    public Mono<StartedSimulation> createSimulation(NewSimulation order, Probe<StartedSimulation> look) {
        return client.value(creation(order).reconciledBy(look));
    }

    private static ApiRequest<StartedSimulation> creation(NewSimulation order) {
        return post("v1/simulations").body(order).as(STARTED);
    }

    /**
     * Looks for the simulation of an order: by its name, compared exactly where the server's filter "contains"; of the same
     * template and, where the order has one, agent; started, if the order says so. The list does not show when a simulation
     * was created, so one that was there before counts as well. That is what Picus makes of such an order itself: it gives
     * the simulation that it has ({@code simulation_already_exist}). Whether Picus starts that one again is not documented:
     * where it matters, read the runs of {@link #simulation}. Several of them, or more than one page, tell nothing.
     */
    public static Probe<StartedSimulation> lookFor(NewSimulation order) {
        return SimulationLookup.of(order);
    }

    /**
     * Watches the latest run of a simulation until it has ended, as {@link Poll} tells: every 15 to 30 s, for 4 h at most.
     * Words other than completed, stopped and failed mean that it goes on. Right after {@link #simulateNow} watch the run
     * itself, by {@link #watchRun}: the simulation may still show the former one.
     */
    public Poll<Simulation> watchSimulation(long id) {
        return client.poll(simulationPolling(id));
    }

    /** As {@link #watchSimulation}, to be changed and handed to the client's {@code poll}; {@code resumed()} after a restart. */
    public static Polling<Simulation> simulationPolling(long id) {
        return PicusVendor.SIMULATION.polling(
                SIMULATION,
                simulation -> PicusVendor.RUN_STATES
                        .status(simulation.status())
                        .withPercent(simulation.completionRatio())
                        .withReason(simulation.failReasonMessage()),
                id);
    }

    /** Watches one run until it has ended, as {@link #watchSimulation} does. */
    public Poll<RunResult> watchRun(long simulationId, long runId) {
        return client.poll(runPolling(simulationId, runId));
    }

    /** As {@link #watchRun}, to be changed and handed to the client's {@code poll}; {@code resumed()} after a restart. */
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

    /** Starts a run. Sent again only if Picus certainly did not act. */
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

    /** Deletes a simulation. If it had to be sent again and is not found then, it is deleted. */
    public Mono<Void> deleteSimulation(long id) {
        return deleted(delete("v1/simulations/{Id}").path("Id", id));
    }

    /** What the latest run has found so far; asks once. */
    public Mono<RunResult> latestResult(long simulationId) {
        return client.value(
                get("v1/simulations/{Id}/run/latest").path("Id", simulationId).as(RESULT));
    }

    /** What one run has found so far; asks once. */
    public Mono<RunResult> result(long simulationId, long runId) {
        return client.value(get("v1/simulations/{Id}/run/{RunId}")
                .path("Id", simulationId)
                .path("RunId", runId)
                .as(RESULT));
    }

    /** The threats of the latest run: 10 in a page unless asked for, at most 50; each with a tree of actions. */
    public Pages<JsonNode> latestThreats(long simulationId, ListQuery query) {
        return client.pages(
                query.of(get("v1/simulations/{Id}/run/latest/threats")
                        .path("Id", simulationId)
                        .as(list(JsonNode.class, "threats"))),
                PicusVendor.PAGES);
    }

    /** Orders reports, one for each format. Sent again only if Picus certainly did not act. */
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

    /** One report; asks once. Ask again every 15 to 30 s until its status is completed. */
    public Mono<Report> report(long simulationId, long reportId) {
        return client.value(ofReport("", simulationId, reportId).as(REPORT));
    }

    /**
     * Watches a report until it can be downloaded, as {@link Poll} tells: every 15 to 30 s, for 1 h at most. No word for a
     * report that fails is documented, so that one would be waited for until then.
     */
    public Poll<Report> watchReport(long simulationId, long reportId) {
        return client.poll(reportPolling(simulationId, reportId));
    }

    /** As {@link #watchReport}, to be changed and handed to the client's {@code poll}; {@code resumed()} after a restart. */
    public static Polling<Report> reportPolling(long simulationId, long reportId) {
        return PicusVendor.REPORT.polling(
                REPORT, report -> PicusVendor.REPORT_STATES.status(report.status()), simulationId, reportId);
    }

    /** A completed report. Meant for installations on premises; elsewhere {@link #reportDownloadUrl} (contract). */
    public Mono<byte[]> downloadReport(long simulationId, long reportId) {
        return client.value(ofReport("/download", simulationId, reportId).as(Payload.bytes()));
    }

    /** As {@link #downloadReport(long, long)}, of any size, to a file: {@link ApiClient#download} tells how. */
    public Mono<Download> downloadReport(long simulationId, long reportId, Path file) {
        return client.download(ofReport("/download", simulationId, reportId), file);
    }

    /**
     * Fetches a report from {@linkplain #reportDownloadUrl where it is found}, to a file: without credential, wherever that
     * is, and with no trace of the address in a log.
     */
    public Mono<Download> downloadReport(URI downloadUrl, Path file) {
        return Mono.defer(() -> client.download(ApiRequest.at(downloadUrl), file));
    }

    /**
     * Where a completed report is found: an absolute address, perhaps of another host. Fetch it without any credential;
     * whoever has the address may have the report, so do not log it.
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
     * The threats of the library. Filters: {@code severities}, {@code attack_category_ids}, {@code attack_module_ids},
     * {@code release_date_gte}, {@code release_date_lte}, {@code is_predefined}, {@code affected_products},
     * {@code affected_os}, {@code unified_kill_chains}, {@code threat_actors}, {@code mitre_attack},
     * {@code attacker_objectives}.
     */
    public Pages<Threat> threats(ListQuery query) {
        return client.pages(query.of(get("v1/threat-library/threats").as(THREATS)), PicusVendor.PAGES);
    }

    /** One threat. */
    public Mono<Threat> threat(long id) {
        return client.value(
                get("v1/threat-library/threats/{ThreatId}").path("ThreatId", id).as(THREAT));
    }

    /**
     * Creates a threat from {@code affected_os}, {@code description}, {@code from_campaign}, {@code name},
     * {@code objectives}, {@code result_condition}, {@code severity}, {@code tags}, {@code threat_actor_id}. Sent again
     * only if Picus certainly did not act.
     */
    public Mono<Threat> createThreat(Map<String, ?> members) {
        return client.value(post("v1/threat-library/threats").body(members).as(THREAT));
    }

    /** Deletes a threat. If it had to be sent again and is not found then, it is deleted. */
    public Mono<Void> deleteThreat(long id) {
        return deleted(delete("v1/threat-library/threats/{ThreatId}").path("ThreatId", id));
    }

    /** The templates. Filters: {@code category_name}, {@code content_type}. */
    public Pages<Template> templates(ListQuery query) {
        return client.pages(query.of(get("v1/templates").as(TEMPLATES)), PicusVendor.PAGES);
    }

    /** One template. 2500 requests a minute (page "rate-limit"). */
    public Mono<Template> template(long id) {
        return client.value(get("v1/templates/{Id}").path("Id", id).as(TEMPLATE));
    }

    /** Creates a template from {@code content}, {@code description}, {@code name}. Sent again only if Picus did not act. */
    public Mono<Template> createTemplate(Map<String, ?> members) {
        return client.value(post("v1/templates").body(members).as(TEMPLATE));
    }

    /** The users. Filter: {@code role}. */
    public Pages<User> users(ListQuery query) {
        return client.pages(query.of(get("v1/users").as(USERS)), PicusVendor.PAGES);
    }

    /** Invites a user and gives the id. Sent again only if Picus certainly did not act. */
    public Mono<Long> inviteUser(String email, String loginType, long roleId) {
        return client.value(post("v1/users/invite")
                .body(Map.of("email", email, "login_type", loginType, "role_id", roleId))
                .as(Payload.json(Long.class).inside("id")));
    }

    /** Gives a user that role. */
    public Mono<Void> assignRole(long userId, long roleId) {
        return client.value(ApiRequest.of(Method.PUT, "v1/users/{userId}/role")
                .path("userId", userId)
                .body(Map.of("role_id", roleId))
                .as(Payload.none()));
    }

    /** Deletes a user. If it had to be sent again and is not found then, it is deleted. */
    public Mono<Void> deleteUser(long id) {
        return deleted(delete("v1/users/{userId}").path("userId", id));
    }

    /** The activity log. Filters: {@code date_start}, {@code date_end}; their format is not documented. */
    public Pages<ActivityLog> activityLogs(ListQuery query) {
        return client.pages(query.of(get("v1/activity-logs").as(ACTIVITY_LOGS)), PicusVendor.PAGES);
    }

    /** The scores of exposures on hosts. A read in the form of a POST: sent again like one (inferred). */
    public Mono<List<ExposureScore>> scores(List<HostExposure> pairs) {
        return client.value(post("v1/exposures/instances/scores")
                        .body(Map.of("filters", Map.of("host_exposure_pairs", pairs)))
                        .idempotent()
                        .as(SCORES))
                .map(Page::items);
    }

    /**
     * The summary over simulations, from {@code periodType} and {@code simulationIds}; the form of the answer is not
     * documented. A read in the form of a POST: sent again like one (inferred).
     */
    public Mono<JsonNode> summary(Map<String, ?> members) {
        return client.value(post("v1/summary/overall").body(members).idempotent());
    }

    /**
     * The custom detection content. Filters: {@code Search}, {@code RuleSeverity}, {@code OrderBy},
     * {@code IsAscending}. 10 in a page unless asked for.
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
     * Uploads a file of the threat library, read while it is sent, and gives its id (contract). Sent again only if Picus
     * certainly did not act; the file must not change until then.
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
     * Imports threats from a {@code .yaml}, {@code .yml} or encrypted {@code .zip} file (contract); what of the answer is
     * known stands in it as {@code action_count}, {@code attack_module}, {@code campaign_id}, {@code category_names} and
     * {@code filename}. Sent again only if Picus certainly did not act.
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
                && ErrorKind.NOT_FOUND.test(e)
                && e.journey().attempts().stream()
                        .anyMatch(sent -> sent.failure() != null
                                && sent.failure().certainty().mayHaveActed());
    }

    /** Gives up all connections, without waiting for it. */
    @Override
    public void close() {
        client.close();
    }
}
