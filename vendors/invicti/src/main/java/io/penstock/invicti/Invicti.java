package io.penstock.invicti;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Payload;
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
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The documented operations of the Invicti Platform, typed. For anything else {@link #client()} takes any path.
 *
 * <p>Every method gives a cold {@code Mono}, or a list as {@link Pages} tells; each subscription is a call of its own, as
 * {@link ApiClient#execute} tells. What Invicti refuses comes as an {@link InvictiException}. A GET is sent again where that
 * can help; a PUT or DELETE too, but not after a 500. A POST only if not a byte of it was written, or if the server refuses
 * it with 429 or 503 and says until when: Invicti documents no idempotency key, so after {@code MAYBE_PROCESSED} look
 * whether it acted, before sending it again. A key may do what its user's role may (page
 * "s1-authenticate"); which role an operation needs is not documented.
 */
public final class Invicti implements AutoCloseable {

    private static final Payload<Scan> SCAN = Payload.json(Scan.class).orEmpty();
    private static final Payload<Application> APPLICATION =
            Payload.json(Application.class).orEmpty();
    private static final Payload<Importer> IMPORTER =
            Payload.json(Importer.class).orEmpty();
    private static final Payload<IntegrationInstance> INSTANCE =
            Payload.json(IntegrationInstance.class).orEmpty();

    private final ApiClient client;
    private final Map<Resource, String> prefixes;

    private Invicti(ApiClient client, Map<Resource, String> prefixes) {
        this.client = client;
        this.prefixes = prefixes;
    }

    /**
     * A client with that key and the documented settings.
     *
     * @param platform the address of the region's platform, or of the installation on premises; a path in it is kept
     */
    public static Invicti connect(URI platform, Secret key) {
        return over(configure().baseUri(platform).secret(key).build());
    }

    /**
     * A client of Invicti, to be configured and handed to {@link #over}. Give it a base URI: the one it has is that of the
     * samples, and other regions have others.
     */
    public static ApiClientBuilder configure() {
        return ApiClient.builder(InvictiVendor.SPEC);
    }

    /** The typed operations over that client, which belongs to them from now on. */
    public static Invicti over(ApiClient client) {
        Map<Resource, String> prefixes = new EnumMap<>(Resource.class);
        for (Resource resource : Resource.values()) {
            prefixes.put(resource, resource.documentedPrefix());
        }
        return new Invicti(client, prefixes);
    }

    /**
     * The same operations over the same client, with a part of the API at another path.
     *
     * @param prefix where it is below the base URI, such as {@code api/v1}
     */
    public Invicti at(Resource resource, String prefix) {
        Map<Resource, String> moved = new EnumMap<>(prefixes);
        moved.put(resource, prefix.replaceAll("/+$", ""));
        return new Invicti(client, moved);
    }

    /** The generic client, for what is not typed here. */
    public ApiClient client() {
        return client;
    }

    /** The key's user; the fields are not documented. The way to check a key (page "s1-handle-responses"). */
    public Mono<JsonNode> me() {
        return client.value(ApiRequest.get(path(Resource.IDENTITY, "me")));
    }

    /** The audit log, page by page; an entry's fields are not documented (page "identity-management-api"). */
    public Pages<JsonNode> auditEntries(ListQuery query) {
        return list(ListShape.PAGE_INFO, path(Resource.IDENTITY, "audit/list"), "items", JsonNode.class, query);
    }

    /**
     * The audit log as a file, whole in memory, at most as long as the client's {@code maxResponseBytes} (page
     * "identity-management-api").
     *
     * @param exportType {@code csv} or {@code json}
     * @param from the first day, or null; sent as an ISO date, the form that it should have is not documented
     * @param to the last day, or null; whether it counts itself is not documented
     * @param pageSize as the wire's {@code pageSize}, which the page does not explain, or null
     */
    public Mono<byte[]> auditLog(
            String exportType, @Nullable LocalDate from, @Nullable LocalDate to, @Nullable Integer pageSize) {
        return client.value(ApiRequest.get(path(Resource.IDENTITY, "audit/log"))
                .query("exportType", exportType)
                .query("fromDate", from)
                .query("toDate", to)
                .query("pageSize", pageSize)
                .as(Payload.bytes()));
    }

    /** The SAML settings; the fields are not documented (page "identity-management-api"). */
    public Mono<JsonNode> samlSettings() {
        return client.value(ApiRequest.get(path(Resource.IDENTITY, "saml/settings")));
    }

    /** The targets, in the form of the general sample (page "s1-handle-responses"): page "s1-authenticate" shows none. */
    public Pages<Target> targets(ListQuery query) {
        return targets(query, ListShape.NUMBERED, "items");
    }

    /**
     * As {@link #targets(ListQuery)}, for a server whose list has another form.
     *
     * @param member which member of the answer is the list
     */
    public Pages<Target> targets(ListQuery query, ListShape shape, String member) {
        return list(shape, path(Resource.TARGETS, "targets"), member, Target.class, query);
    }

    /**
     * Returns a target: the single resource that page "s1-handle-responses" shows, with its state and its times, which the
     * list leaves out. Where it is found is inferred: below the list, as in the API's lineage.
     */
    public Mono<Target> target(String targetId) {
        return client.value(ApiRequest.get(path(Resource.TARGETS, "targets/{target}"))
                .path("target", targetId)
                .as(Target.class));
    }

    /**
     * Starts a scan: emitted means accepted, {@link #scanStatistics} tells how it gets on. It is never sent again while the
     * server may have started it, for a second scan costs licence and load; it then fails with {@code MAYBE_PROCESSED}.
     * Nothing looks for it by itself: no list of scans is documented, and nothing in an order that would tell its scan from
     * another of the same target and profile. {@link InvictiException.OperationFailed} if the server says no in a 200. Page
     * "s2-launch".
     */
    public Mono<Created<Scan>> startScan(NewScan scan) {
        return create(ApiRequest.post(path(Resource.SCANS, "scans")).body(scan).as(SCAN), Scan::scanId);
    }

    /**
     * As {@link #startScan(NewScan)}, for callers who know how to find a scan on their server: what the probe finds when an
     * attempt broke off is emitted as the scan that was started. A probe must not take an older scan of the same target for
     * this one, so make it anew for each call, with the time before which nothing counts.
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
     * Returns a scan. That a scan can be read is inferred from the API's lineage, as in {@link #watchScan(String)}; its state
     * is in {@code more()}, as {@code current_session.status}.
     */
    public Mono<Scan> scan(String scanId) {
        return client.value(ApiRequest.get(path(Resource.SCANS, "scans/{scan}"))
                .path("scan", scanId)
                .as(Scan.class));
    }

    /** How a session of a scan gets on. How often to ask is not documented: every 30 s is polite. Page "s2-review-and-report". */
    public Mono<ScanStatistics> scanStatistics(String scanId, String sessionId) {
        return client.value(ApiRequest.get(path(Resource.SCANS, "scans/{scan}/results/{session}/statistics"))
                .path("scan", scanId)
                .path("session", sessionId)
                .as(ScanStatistics.class));
    }

    /**
     * Watches a scan that was started until it has ended, as {@link Poll} tells: not before the estimated end, if the server
     * told one, and not more often than every 30 s; for 6 h at most.
     *
     * @throws ApiException INVALID_REQUEST if the answer to its start had no id
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
     * As {@link #watchScan(Created)}, by the scan's id. That a scan can be read, and where its state is
     * ({@code current_session.status}), is inferred from the API's lineage: documented is only {@link #scanStatistics}, which
     * shows progress and no end.
     */
    public Poll<Scan> watchScan(String scanId) {
        return client.poll(scanPolling(scanId));
    }

    /** As {@link #watchScan(String)}, to be changed and handed to the client's {@code poll}; {@code resumed()} after a restart. */
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

    /** The applications; understands size, search and order. Page "inventory-api". */
    public Pages<Application> applications(ListQuery query) {
        return list(ListShape.PAGE_INFO, path(Resource.INVENTORY, "applications"), "items", Application.class, query);
    }

    /** As {@link #applications}, each with its asset counts. */
    public Pages<Application> applicationsWithAssetCounts(ListQuery query) {
        return client.pages(
                ListShape.PAGE_INFO
                        .first(path(Resource.INVENTORY, "applications"), "items", Application.class, query)
                        .query("includeAssetCounts", true),
                ListShape.PAGE_INFO.paging());
    }

    /** Creates an application; the answer has no body, only its id. Page "inventory-api". */
    public Mono<Created<Application>> createApplication(NewApplication application) {
        return create(path(Resource.INVENTORY, "applications"), application, APPLICATION, Application::id);
    }

    /** The API hub's inventory; understands size, search and order. Page "api-inventory-api". */
    public Pages<ApiTarget> apiTargets(ListQuery query) {
        return list(
                ListShape.CURSOR, path(Resource.API_HUB, "inventory/api-targets"), "targets", ApiTarget.class, query);
    }

    /** The importers of API definitions. Page "api-importers-api". */
    public Pages<Importer> importers() {
        return list(ListShape.WHOLE, path(Resource.API_HUB, "importers"), "importers", Importer.class, ListQuery.all());
    }

    /** Creates an importer; the form of the answer is not documented. Page "api-importers-api". */
    public Mono<Created<Importer>> createImporter(NewImporter importer) {
        return create(path(Resource.API_HUB, "importers"), importer, IMPORTER, Importer::importerId);
    }

    /** The connections to other scanners; their fields are not documented. Page "ast-import-api". */
    public Pages<JsonNode> connections() {
        return list(
                ListShape.WHOLE, path(Resource.EXTERNAL_SCAN, "connections"), "items", JsonNode.class, ListQuery.all());
    }

    /** Creates a connection to Mend. Page "ast-import-api". */
    public Mono<Created<JsonNode>> createMendConnection(NewMendConnection connection) {
        return create(
                path(Resource.EXTERNAL_SCAN, "mend/connections"),
                connection,
                Payload.tree(),
                body -> body.path("id").asString(null));
    }

    /** Imports findings; members and answer are not documented. Page "ast-import-api". */
    public Mono<JsonNode> importSarif(Map<String, ?> members) {
        return client.value(ApiRequest.post(path(Resource.EXTERNAL_SCAN, "import/sarif-imports"))
                .body(members));
    }

    /**
     * The integrations. Page "integrations-api".
     *
     * @param pluginId those of that plug-in only, such as {@code jira-plugin}; null for all
     * @param configuredOnly those only that are ready; null for what the server prefers
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

    /** Creates an integration; the members depend on the plug-in. Page "integrations-api". */
    public Mono<Created<IntegrationInstance>> createIntegrationInstance(Map<String, ?> members) {
        return create(path(Resource.INTEGRATIONS, "instances"), members, INSTANCE, IntegrationInstance::instanceId);
    }

    /** The automations; the form is not documented. Page "integrations-api". */
    public Mono<JsonNode> automations() {
        return client.value(ApiRequest.get(path(Resource.INTEGRATIONS, "automations")));
    }

    /**
     * Any list, page by page as it is asked for; a page is fetched again where that can help. It ends with
     * {@code UNDECODABLE} where the answer has another form, or goes round in circles.
     *
     * @param path below the base URI, such as {@code api/v1/scans}
     * @param member which member of the answer is the list
     * @param item what an item is read as; {@code JsonNode} for a tree
     */
    public <T> Pages<T> list(ListShape shape, String path, String member, Class<T> item, ListQuery query) {
        return client.pages(shape.first(path, member, item, query), shape.paging());
    }

    private <T> Mono<Created<T>> create(
            String path, Object body, Payload<T> payload, Function<T, @Nullable String> idOf) {
        return create(ApiRequest.post(path).body(body).as(payload), idOf);
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

    /** The last segment of the path of an address, absolute or relative; null if there is none. */
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
        return prefixes.get(resource) + "/" + rest;
    }

    /** Gives up all connections, without waiting for it. */
    @Override
    public void close() {
        client.close();
    }
}
