package io.penstock.invicti;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Payload;
import io.penstock.download.Download;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.invicti.model.ApiTarget;
import io.penstock.invicti.model.Application;
import io.penstock.invicti.model.Created;
import io.penstock.invicti.model.Importer;
import io.penstock.invicti.model.IntegrationInstance;
import io.penstock.invicti.model.NewApplication;
import io.penstock.invicti.model.NewImporter;
import io.penstock.invicti.model.NewMendConnection;
import io.penstock.invicti.model.NewScan;
import io.penstock.invicti.model.Scan;
import io.penstock.invicti.model.ScanStatistics;
import io.penstock.invicti.model.Target;
import io.penstock.paging.Pages;
import io.penstock.polling.Poll;
import io.penstock.polling.PollStatus;
import io.penstock.polling.Polling;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.Probe;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The documented operations of the Invicti Platform, typed. For any other path use {@link #client()}.
 *
 * <p>Every method returns a cold {@code Mono}, or a list as described in {@link Pages}. Each subscription is a separate
 * call, as described in {@link ApiClient#execute}. Failures that Invicti reports are emitted as an
 * {@link InvictiException}. A GET is retried where that can help; so are a PUT and a DELETE, but not after a 500. A
 * POST is retried only if no byte of it was written, or if the server refuses it with a 429 or 503 that states a wait.
 * Invicti documents no idempotency key; after {@code MAYBE_PROCESSED}, check whether the server acted before you send
 * the request again. A key has the rights of its user's role (page "s1-authenticate"); the role that an operation needs
 * is not documented.
 */
public final class Invicti implements AutoCloseable {

    private static final Payload<Scan> SCAN = Payload.json(Scan.class).orEmpty();

    private final ApiClient client;
    private final Map<Resource, String> moved;

    private Invicti(ApiClient client, Map<Resource, String> moved) {
        this.client = client;
        this.moved = moved;
    }

    /**
     * Creates a client with an API key and the documented settings.
     *
     * @param platform the address of the region's platform, or of the installation on premises; its path is kept
     */
    public static Invicti connect(URI platform, Secret key) {
        return over(configure().baseUri(platform).secret(key).build());
    }

    /**
     * Returns a builder for a client of Invicti. Pass the client to {@link #over}. Set a base URI: the default is that
     * of the samples, and other regions have others.
     */
    public static ApiClientBuilder configure() {
        return ApiClient.builder(InvictiVendor.SPEC);
    }

    /** Creates the typed operations over a client and takes ownership of the client. */
    public static Invicti over(ApiClient client) {
        return new Invicti(client, Map.of());
    }

    /**
     * Returns the same operations over the same client, with a part of the API at another path.
     *
     * @param prefix the path of that part below the base URI, such as {@code api/v1}
     */
    public Invicti at(Resource resource, String prefix) {
        Map<Resource, String> more = new HashMap<>(moved);
        more.put(resource, prefix.replaceAll("/+$", ""));
        return new Invicti(client, more);
    }

    /** Returns the generic client, for operations that are not typed here. */
    public ApiClient client() {
        return client;
    }

    /** Emits the key's user, whose fields are not documented. Use it to check a key (page "s1-handle-responses"). */
    public Mono<JsonNode> me() {
        return client.value(ApiRequest.get(path(Resource.IDENTITY, "me")));
    }

    /**
     * Returns the audit log, page by page. The fields of an entry are not documented (page "identity-management-api").
     */
    public Pages<JsonNode> auditEntries(ListQuery query) {
        return list(ListShape.PAGE_INFO, path(Resource.IDENTITY, "audit/list"), "items", JsonNode.class, query);
    }

    /**
     * Emits the audit log as a file, held in memory as a whole and limited by the client's {@code maxResponseBytes}
     * (page "identity-management-api").
     *
     * @param exportType {@code csv} or {@code json}
     * @param from the first day, or null; sent as an ISO date, although the format is not documented
     * @param to the last day, or null; whether it is included is not documented
     * @param pageSize the parameter {@code pageSize}, which the page does not explain, or null
     */
    public Mono<byte[]> auditLog(
            String exportType, @Nullable LocalDate from, @Nullable LocalDate to, @Nullable Integer pageSize) {
        return client.value(auditExport(exportType, from, to, pageSize).as(Payload.bytes()));
    }

    /** Downloads the audit log of any size to a file; see {@link #auditLog(String, LocalDate, LocalDate, Integer)}. */
    public Mono<Download> auditLog(
            String exportType,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            @Nullable Integer pageSize,
            Path file) {
        return client.download(auditExport(exportType, from, to, pageSize), file);
    }

    private ApiRequest<JsonNode> auditExport(
            String exportType, @Nullable LocalDate from, @Nullable LocalDate to, @Nullable Integer pageSize) {
        return ApiRequest.get(path(Resource.IDENTITY, "audit/log"))
                .query("exportType", exportType)
                .query("fromDate", from)
                .query("toDate", to)
                .query("pageSize", pageSize);
    }

    /** Emits the SAML settings, whose fields are not documented (page "identity-management-api"). */
    public Mono<JsonNode> samlSettings() {
        return client.value(ApiRequest.get(path(Resource.IDENTITY, "saml/settings")));
    }

    /**
     * Returns the targets, in the form of the general sample (page "s1-handle-responses"). Page "s1-authenticate" has
     * no sample.
     */
    public Pages<Target> targets(ListQuery query) {
        return targets(query, ListShape.NUMBERED, "items");
    }

    /**
     * Returns the targets of a server whose list has another form than that of {@link #targets(ListQuery)}.
     *
     * @param member the member of the response that contains the list
     */
    public Pages<Target> targets(ListQuery query, ListShape shape, String member) {
        return list(shape, path(Resource.TARGETS, "targets"), member, Target.class, query);
    }

    /**
     * Emits a target: the single resource of page "s1-handle-responses", with its state and its times, which the list
     * omits. Its address is inferred from the API's lineage: below the list.
     */
    public Mono<Target> target(String targetId) {
        return client.value(ApiRequest.get(path(Resource.TARGETS, "targets/{target}"))
                .path("target", targetId)
                .as(Target.class));
    }

    /**
     * Starts a scan. Emits when the server has accepted it; {@link #scanStatistics} shows its progress. The request is
     * never retried while the server may have started the scan, because a second scan costs licence and load; it then
     * fails with {@code MAYBE_PROCESSED}. There is no automatic lookup: no list of scans is documented, and the request
     * contains nothing that distinguishes its scan from another of the same target and profile. Fails with
     * {@link InvictiException.OperationFailed} if the server reports a failure in a 200. Page "s2-launch".
     */
    public Mono<Created<Scan>> startScan(NewScan scan) {
        return create(ApiRequest.post(path(Resource.SCANS, "scans")).body(scan).as(SCAN), Scan::scanId);
    }

    /**
     * Starts a scan with a probe that can find it on the server. If an attempt breaks off, the scan that the probe
     * finds is emitted as the started scan. A probe must not mistake an older scan of the same target for this one:
     * create a new probe for each call, with a time before which scans are ignored. See {@link #startScan(NewScan)}.
     */
    public Mono<Created<Scan>> startScan(NewScan scan, Probe<Scan> probe) {
        return create(
                ApiRequest.post(path(Resource.SCANS, "scans"))
                        .body(scan)
                        .as(SCAN)
                        .reconciledBy(probe),
                Scan::scanId);
    }

    /**
     * Emits a scan. Its address is inferred from the API's lineage, as in {@link #watchScan(String)}. Its state is in
     * {@code more()}, as {@code current_session.status}.
     */
    public Mono<Scan> scan(String scanId) {
        return client.value(ApiRequest.get(path(Resource.SCANS, "scans/{scan}"))
                .path("scan", scanId)
                .as(Scan.class));
    }

    /**
     * Emits the progress of a session of a scan. The polling interval is not documented; every 30 s is polite. Page
     * "s2-review-and-report".
     */
    public Mono<ScanStatistics> scanStatistics(String scanId, String sessionId) {
        return client.value(ApiRequest.get(path(Resource.SCANS, "scans/{scan}/results/{session}/statistics"))
                .path("scan", scanId)
                .path("session", sessionId)
                .as(ScanStatistics.class));
    }

    /**
     * Watches a started scan until it has ended, as described in {@link Poll}. The first poll is not sent before the
     * estimated end, if the server stated one; polls are at least 30 s apart and continue for at most 6 h.
     *
     * @throws ApiException INVALID_REQUEST if the response to the start had no id
     */
    public Poll<Scan> watchScan(Created<Scan> started) {
        String id = started.id();
        if (id == null) {
            throw ApiException.invalidRequest(
                    "scan: the answer to its start has no id (expected: one; find it, and watch it by its id)");
        }
        OffsetDateTime end = started.body() == null ? null : started.body().estimatedCompletionTime();
        return client.poll(scanPolling(id).expecting(end == null ? null : end.toInstant()));
    }

    /**
     * Watches a scan by its id; see {@link #watchScan(Created)}. The address of a scan and the place of its state
     * ({@code current_session.status}) are inferred from the API's lineage. Only {@link #scanStatistics} is documented,
     * which shows progress but no end.
     */
    public Poll<Scan> watchScan(String scanId) {
        return client.poll(scanPolling(scanId));
    }

    /**
     * Returns the polling of {@link #watchScan(String)}. Change it and pass it to the client's {@code poll}; use
     * {@code resumed()} after a restart.
     */
    public Polling<Scan> scanPolling(String scanId) {
        return InvictiVendor.SCAN.at(path(Resource.SCANS, "scans/{scan}")).polling(SCAN, Invicti::statusOf, scanId);
    }

    private static PollStatus statusOf(Scan scan) {
        JsonNode session = scan.more().get("current_session");
        OffsetDateTime end = scan.estimatedCompletionTime();
        return InvictiVendor.SCAN_STATES
                .status(session == null ? null : session.path("status").asString(null))
                .withExpectedAt(end == null ? null : end.toInstant());
    }

    /** Returns the applications. Supports size, search and order. Page "inventory-api". */
    public Pages<Application> applications(ListQuery query) {
        return list(ListShape.PAGE_INFO, path(Resource.INVENTORY, "applications"), "items", Application.class, query);
    }

    /** Returns the applications with their asset counts; see {@link #applications}. */
    public Pages<Application> applicationsWithAssetCounts(ListQuery query) {
        return client.pages(
                ListShape.PAGE_INFO
                        .first(path(Resource.INVENTORY, "applications"), "items", Application.class, query)
                        .query("includeAssetCounts", true),
                ListShape.PAGE_INFO.paging());
    }

    /** Creates an application. The response has no body, only the id of the application. Page "inventory-api". */
    public Mono<Created<Application>> createApplication(NewApplication application) {
        return create(path(Resource.INVENTORY, "applications"), application, Application.class, Application::id);
    }

    /** Returns the inventory of the API hub. Supports size, search and order. Page "api-inventory-api". */
    public Pages<ApiTarget> apiTargets(ListQuery query) {
        return list(
                ListShape.CURSOR, path(Resource.API_HUB, "inventory/api-targets"), "targets", ApiTarget.class, query);
    }

    /** Returns the importers of API definitions. Page "api-importers-api". */
    public Pages<Importer> importers() {
        return list(ListShape.WHOLE, path(Resource.API_HUB, "importers"), "importers", Importer.class, ListQuery.all());
    }

    /** Creates an importer. The form of the response is not documented. Page "api-importers-api". */
    public Mono<Created<Importer>> createImporter(NewImporter importer) {
        return create(path(Resource.API_HUB, "importers"), importer, Importer.class, Importer::importerId);
    }

    /** Returns the connections to other scanners, whose fields are not documented. Page "ast-import-api". */
    public Pages<JsonNode> connections() {
        return list(
                ListShape.WHOLE, path(Resource.EXTERNAL_SCAN, "connections"), "items", JsonNode.class, ListQuery.all());
    }

    /** Creates a connection to Mend. Page "ast-import-api". */
    public Mono<Created<JsonNode>> createMendConnection(NewMendConnection connection) {
        return create(
                path(Resource.EXTERNAL_SCAN, "mend/connections"),
                connection,
                JsonNode.class,
                body -> body.path("id").asString(null));
    }

    /** Imports findings. The members of the request and the response are not documented. Page "ast-import-api". */
    public Mono<JsonNode> importSarif(Map<String, ?> members) {
        return client.value(ApiRequest.post(path(Resource.EXTERNAL_SCAN, "import/sarif-imports"))
                .body(members));
    }

    /**
     * Returns the integrations. Page "integrations-api".
     *
     * @param pluginId selects one plug-in, such as {@code jira-plugin}; null for all
     * @param configuredOnly whether to select only integrations that are ready; null for the server's default
     */
    public Pages<IntegrationInstance> integrationInstances(
            @Nullable String pluginId, @Nullable Boolean configuredOnly) {
        return client.pages(
                ListShape.WHOLE
                        .first(
                                path(Resource.INTEGRATIONS, "instances"),
                                "instances",
                                IntegrationInstance.class,
                                ListQuery.all())
                        .query("pluginId", pluginId)
                        .query("configuredOnly", configuredOnly),
                ListShape.WHOLE.paging());
    }

    /** Creates an integration. Its members depend on the plug-in. Page "integrations-api". */
    public Mono<Created<IntegrationInstance>> createIntegrationInstance(Map<String, ?> members) {
        return create(
                path(Resource.INTEGRATIONS, "instances"),
                members,
                IntegrationInstance.class,
                IntegrationInstance::instanceId);
    }

    /** Emits the automations. Their form is not documented. Page "integrations-api". */
    public Mono<JsonNode> automations() {
        return client.value(ApiRequest.get(path(Resource.INTEGRATIONS, "automations")));
    }

    /**
     * Returns any list. Pages are fetched as the subscriber requests them, and retried where that can help. Fails with
     * {@code UNDECODABLE} if the response has another form or the pages form a cycle.
     *
     * @param path the path below the base URI, such as {@code api/v1/scans}
     * @param member the member of the response that contains the list
     * @param item the type of an item; {@code JsonNode} for a tree
     */
    public <T> Pages<T> list(ListShape shape, String path, String member, Class<T> item, ListQuery query) {
        return client.pages(shape.first(path, member, item, query), shape.paging());
    }

    private <T> Mono<Created<T>> create(String path, Object body, Class<T> type, Function<T, @Nullable String> idOf) {
        return create(ApiRequest.post(path).body(body).as(Payload.json(type).orEmpty()), idOf);
    }

    private <T> Mono<Created<T>> create(ApiRequest<T> request, Function<T, @Nullable String> idOf) {
        return client.execute(request).map(response -> created(response, idOf));
    }

    private static <T> Created<T> created(ApiResponse<T> response, Function<T, @Nullable String> idOf) {
        String location = response.headers().first("location");
        T body = response.value();
        String id = body == null ? null : idOf.apply(body);
        return new Created<>(id == null || id.isBlank() ? lastSegment(location) : id, location, body);
    }

    /** Returns the last segment of the path of an address, absolute or relative, or null if there is none. */
    private static @Nullable String lastSegment(@Nullable String address) {
        try {
            String path = address == null ? null : new URI(address.strip()).getPath();
            if (path == null) {
                return null;
            }
            String segment = path.replaceAll("/+$", "").replaceAll("^.*/", "");
            return segment.isEmpty() ? null : segment;
        } catch (URISyntaxException notAnAddress) {
            return null;
        }
    }

    private String path(Resource resource, String rest) {
        return moved.getOrDefault(resource, resource.documentedPrefix()) + "/" + rest;
    }

    /** Closes all connections without waiting until they are closed. */
    @Override
    public void close() {
        client.close();
    }
}
