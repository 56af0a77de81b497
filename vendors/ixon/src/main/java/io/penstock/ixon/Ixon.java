package io.penstock.ixon;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.download.Download;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.http.Secret;
import io.penstock.ixon.model.Agent;
import io.penstock.ixon.model.AlarmOccurrence;
import io.penstock.ixon.model.AuditLog;
import io.penstock.ixon.model.BlobLink;
import io.penstock.ixon.model.DataQuery;
import io.penstock.ixon.model.DataSeries;
import io.penstock.ixon.model.DataTag;
import io.penstock.ixon.model.DataVariable;
import io.penstock.ixon.model.Device;
import io.penstock.ixon.model.Export;
import io.penstock.ixon.model.Group;
import io.penstock.ixon.model.Link;
import io.penstock.ixon.model.ListQuery;
import io.penstock.ixon.model.Resource;
import io.penstock.ixon.model.Role;
import io.penstock.ixon.model.ServerTime;
import io.penstock.ixon.model.ServiceAccount;
import io.penstock.ixon.model.SocketToken;
import io.penstock.ixon.model.TokenInfo;
import io.penstock.ixon.model.WebhookSubscription;
import io.penstock.ixon.model.WebhookTrigger;
import io.penstock.paging.Pages;
import io.penstock.polling.Poll;
import io.penstock.polling.PollState;
import io.penstock.polling.PollStatus;
import io.penstock.polling.Polling;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The most frequently used operations of the IXON APIv2, typed. {@link #client()} takes any path of the contract.
 * Operations of a company must be called on the instance that {@link #forCompany} returns; on any other instance they
 * throw INVALID_CONFIGURATION before anything is sent.
 *
 * <p>Every method returns a cold publisher. Each subscription is a separate call, as described in
 * {@link ApiClient#execute}. A list is fetched page by page as its subscriber requests more, as described in
 * {@link Pages}. Failures that IXON reports are emitted as an {@link IxonException}. GETs and POSTs that only read are
 * retried where that can help. PATCH and DELETE, which name the objects they change, are also retried after a lost
 * connection; if the response to a DELETE was lost, "not found" therefore means success. Other POSTs are retried only
 * if no byte of them was written: IXON has no idempotency keys (page "common-errors"). The rights of an account follow
 * from its roles; the documentation does not list rights by operation.
 */
public final class Ixon implements AutoCloseable {

    private final ApiClient client;
    private final @Nullable String company;

    private Ixon(ApiClient client, @Nullable String company) {
        this.client = client;
        this.company = company;
    }

    /**
     * Creates a client with the token of a service account and the documented settings. The token works only with its
     * application.
     */
    public static Ixon connect(String application, Secret token) {
        return over(configure(application).secret(token).build());
    }

    /**
     * Creates a client that logs in with a password, without a second factor, whenever it needs a token. For an account
     * with a second factor use {@link #login} and pass its token to {@link #connect(String, Secret)}.
     */
    public static Ixon connect(String application, String email, Secret password) {
        return over(configure(application, email).secret(password).build());
    }

    /**
     * Returns a builder for a client of IXON whose secret is a bearer token. Pass the client to {@link #over}.
     *
     * @throws ApiException INVALID_CONFIGURATION if the identifier of the application is malformed
     */
    public static ApiClientBuilder configure(String application) {
        return with(application, ApiClient.builder(IxonVendor.SPEC));
    }

    /** Returns a builder for a client of IXON whose secret is a person's password; see {@link #configure(String)}. */
    public static ApiClientBuilder configure(String application, String email) {
        return with(application, ApiClient.builder(IxonVendor.withLogin(email)));
    }

    private static ApiClientBuilder with(String application, ApiClientBuilder builder) {
        return builder.header(IxonHeader.APPLICATION.headerName(), IxonHeader.APPLICATION.checked(application))
                .deadline(IxonVendor.DEADLINE);
    }

    /** Creates the typed operations over a client and takes ownership of the client. */
    public static Ixon over(ApiClient client) {
        return new Ixon(client, null);
    }

    /**
     * Returns the operations of one company over the same client. {@link #close} closes both instances.
     *
     * @throws ApiException INVALID_CONFIGURATION if the identifier does not have the form that the server accepts
     */
    public Ixon forCompany(String publicId) {
        return new Ixon(client, IxonHeader.COMPANY.checked(publicId));
    }

    /**
     * Returns the generic client, for operations that are not typed here. Its requests must set {@code Api-Company}
     * themselves.
     */
    public ApiClient client() {
        return client;
    }

    // ---- access: no company ----

    /** Emits the server's clock. Needs no token. Use it to check whether the API is up (contract). */
    public Mono<ServerTime> serverTime() {
        return client.value(
                ApiRequest.get("server-time").as(one(ServerTime.class)).anonymous());
    }

    /**
     * Emits the addresses of all resources. Needs no token. They can be cached for a day (page
     * "ixon-api-prerequisites").
     */
    public Mono<Discovery> discovery() {
        return client.value(ApiRequest.get("").as(page(Link.class)).anonymous())
                .map(links -> new Discovery(client.baseUri(), links.items()));
    }

    /**
     * Emits a token for a person, by {@code email:otp:password} (page "ixon-api-authentication-headers"). A one-time
     * password is valid once and is not stored: with it, the login is never retried.
     *
     * @param oneTimePassword empty if the account has no second factor
     */
    public Mono<TokenInfo> login(String email, String oneTimePassword, Secret password) {
        return client.value(IxonVendor.login(email, oneTimePassword, password).as(one(TokenInfo.class)));
    }

    /** Emits the access token in use, without its secret (contract). */
    public Mono<TokenInfo> currentToken() {
        return client.value(ApiRequest.get("access-tokens/me").as(one(TokenInfo.class)));
    }

    /** Revokes the access token in use (contract). */
    public Mono<Void> revokeCurrentToken() {
        return client.value(ApiRequest.delete("access-tokens/me").as(Payload.none()));
    }

    /** Emits the person or account that owns the token (contract). */
    public Mono<Resource> me(String... fields) {
        return client.value(fields(ApiRequest.get("users/me"), fields).as(one(Resource.class)));
    }

    /** Returns the companies that are visible to the account (contract). */
    public Pages<Resource> companies(ListQuery query) {
        return client.pages(rows(ApiRequest.get("companies"), query), Resource.class);
    }

    /** Returns the messages to the account (contract). */
    public Pages<Resource> messages(ListQuery query) {
        return client.pages(rows(ApiRequest.get("messages"), query), Resource.class);
    }

    /** Emits a token for the WebSocket of change notifications (page "change-notification-system-cns"). */
    public Mono<SocketToken> changeNotificationToken(Duration life) {
        return client.value(ApiRequest.post("auth-tokens/cns")
                .body(Map.of("expiresIn", life.toSeconds()))
                .idempotent()
                .as(one(SocketToken.class)));
    }

    /** Returns the webhook subscriptions (contract). */
    public Pages<WebhookSubscription> webhookSubscriptions(ListQuery query) {
        return client.pages(rows(ApiRequest.get("webhook-subscriptions"), query), WebhookSubscription.class);
    }

    /**
     * Creates subscriptions with {@code name}, {@code timeout} and {@code callbackUrl} (contract). Emits the created
     * ones.
     */
    public Mono<List<WebhookSubscription>> createWebhookSubscriptions(List<? extends Map<String, ?>> subscriptions) {
        return client.value(ApiRequest.post("webhook-subscriptions")
                        .body(subscriptions)
                        .as(page(WebhookSubscription.class)))
                .map(Page::items);
    }

    /** Deletes webhook subscriptions (contract). */
    public Mono<Void> deleteWebhookSubscriptions(List<String> publicIds) {
        return deletion(ApiRequest.delete("webhook-subscriptions"), publicIds);
    }

    /** Returns the deliveries of a webhook (contract). */
    public Pages<WebhookTrigger> webhookTriggers(String subscriptionId, ListQuery query) {
        return client.pages(
                rows(ApiRequest.get("webhook-subscriptions/{id}/triggers").path("id", subscriptionId), query),
                WebhookTrigger.class);
    }

    // ---- a company ----

    /** Emits the company itself (contract). */
    public Mono<Resource> company(String... fields) {
        return client.value(
                inCompany(fields(ApiRequest.get("companies/me"), fields).as(one(Resource.class))));
    }

    /** Returns the agents (contract). */
    public Pages<Agent> agents(ListQuery query) {
        return inCompany("agents", Agent.class, query);
    }

    /** Emits one agent (contract). */
    public Mono<Agent> agent(String publicId, String... fields) {
        return client.value(inCompany(fields(ApiRequest.get("agents/{id}").path("id", publicId), fields)
                .as(one(Agent.class))));
    }

    /** Changes agents. Each element has {@code publicId} and the members to change (contract). */
    public Mono<Void> updateAgents(List<? extends Map<String, ?>> changes) {
        return client.value(
                inCompany(ApiRequest.patch("agents").body(changes).idempotent().as(Payload.none())));
    }

    /**
     * Requests a reboot. Completes when the server has accepted it; {@link #agentAuditLogs} shows the outcome
     * (contract).
     */
    public Mono<Void> rebootAgent(String publicId) {
        return client.value(inCompany(
                ApiRequest.post("agents/{id}/reboot").path("id", publicId).as(Payload.none())));
    }

    /**
     * Watches for the outcome of an action on an agent, such as {@link #rebootAgent}, as described in {@link Poll}:
     * every 10 s to 60 s, for 15 minutes at most. There is no job to poll (contract): the outcome is an entry
     * {@code TRIGGER} in the agent's audit log. The form of an entry for a failed action is not documented, so check
     * the entry: the first on the last page. Two concurrent actions on one agent cannot be told apart.
     *
     * @param since the time of the action by the server's clock ({@link #serverTime}); this and the agent's id are
     *     sufficient to continue after a restart
     */
    public Poll<Page<AuditLog>> watchAction(String agentId, Instant since) {
        return client.poll(actionPolling(agentId, since));
    }

    /**
     * Returns the polling of {@link #watchAction}. Change it and pass it to the client's {@code poll}; use
     * {@code resumed()} after a restart.
     */
    public Polling<Page<AuditLog>> actionPolling(String agentId, Instant since) {
        Instant second = since.truncatedTo(ChronoUnit.SECONDS);
        ListQuery query =
                ListQuery.all().fields("*").filter("eq(action,\"TRIGGER\")").filter("gte(time,\"" + second + "\")");
        return Polling.of(
                        inCompany(rows(
                                        ApiRequest.get("agents/{agentId}/audit-logs")
                                                .path("agentId", agentId),
                                        query))
                                .as(page(AuditLog.class)),
                        page -> PollStatus.of(
                                page.items().isEmpty() ? PollState.RUNNING : PollState.SUCCEEDED,
                                page.items().size() + " entries"))
                .withPolicy(IxonVendor.ACTION_POLLS)
                .within(IxonVendor.ACTION_LIMIT);
    }

    /** Returns the machines behind an agent (contract). */
    public Pages<Device> devices(String agentId, ListQuery query) {
        return ofAgent(agentId, "devices", Device.class, query);
    }

    /** Returns the sources of an agent's data (contract). */
    public Pages<Resource> dataSources(String agentId, ListQuery query) {
        return ofAgent(agentId, "data-sources", Resource.class, query);
    }

    /** Returns the variables of an agent's machines (contract). */
    public Pages<DataVariable> dataVariables(String agentId, ListQuery query) {
        return ofAgent(agentId, "data-variables", DataVariable.class, query);
    }

    /** Returns the recorded variables of an agent's machines (contract). */
    public Pages<DataTag> dataTags(String agentId, ListQuery query) {
        return ofAgent(agentId, "data-tags", DataTag.class, query);
    }

    /** Returns the occurrences of an agent's alarms (contract). */
    public Pages<AlarmOccurrence> alarmOccurrences(String agentId, ListQuery query) {
        return ofAgent(agentId, "alarm-occurrences", AlarmOccurrence.class, query);
    }

    /** Returns the audit log of an agent (contract). */
    public Pages<AuditLog> agentAuditLogs(String agentId, ListQuery query) {
        return ofAgent(agentId, "audit-logs", AuditLog.class, query);
    }

    /** Returns the audit log of the company (contract). */
    public Pages<AuditLog> auditLogs(ListQuery query) {
        return inCompany("audit-logs", AuditLog.class, query);
    }

    /** Returns the assets (contract). */
    public Pages<Resource> assets(ListQuery query) {
        return inCompany("assets", Resource.class, query);
    }

    /** Returns the memberships: users with their groups and roles (contract). */
    public Pages<Resource> memberships(ListQuery query) {
        return inCompany("users/memberships", Resource.class, query);
    }

    /** Returns the licences (contract). */
    public Pages<Resource> licences(ListQuery query) {
        return inCompany("licences", Resource.class, query);
    }

    /** Returns the roles (contract). */
    public Pages<Role> roles(ListQuery query) {
        return inCompany("roles", Role.class, query);
    }

    /** Returns the groups (contract). */
    public Pages<Group> groups(ListQuery query) {
        return inCompany("groups", Group.class, query);
    }

    /** Creates groups (contract). Emits them with their identifiers only. */
    public Mono<List<Group>> createGroups(List<? extends Map<String, ?>> groups) {
        return client.value(inCompany(ApiRequest.post("groups").body(groups).as(page(Group.class))))
                .map(Page::items);
    }

    /** Changes groups. Each element has {@code publicId} and the members to change (contract). */
    public Mono<Void> updateGroups(List<? extends Map<String, ?>> changes) {
        return client.value(
                inCompany(ApiRequest.patch("groups").body(changes).idempotent().as(Payload.none())));
    }

    /** Deletes groups (contract). */
    public Mono<Void> deleteGroups(List<String> publicIds) {
        return deletion(inCompany(ApiRequest.delete("groups")), publicIds);
    }

    /** Creates service accounts. Only this response contains their tokens (page "ixon-api-prerequisites"). */
    public Mono<List<ServiceAccount>> createServiceAccounts(List<String> names) {
        return client.value(inCompany(ApiRequest.post("users/service-account")
                        .body(names.stream().map(name -> Map.of("name", name)).toList())
                        .as(page(ServiceAccount.class))))
                .map(Page::items);
    }

    /** Emits historical data, one series per query (page "how-to-retrieve-historical-data"). Only reads. */
    public Mono<List<DataSeries>> data(List<DataQuery> queries) {
        return client.value(inCompany(
                        ApiRequest.post("data").body(queries).idempotent().as(page(DataSeries.class))))
                .map(Page::items);
    }

    /** Emits historical data as a file (page "how-to-retrieve-historical-data"). Only reads. */
    public Mono<Export> dataExport(DataQuery query) {
        return export(ApiRequest.post("data-export").body(query).idempotent());
    }

    /** Emits the audit log as a file (contract). */
    public Mono<Export> auditLogsExport() {
        return export(ApiRequest.get("audit-logs-export"));
    }

    /**
     * Emits a token for the WebSocket of live data, valid for 60 s to 3600 s (page
     * "how-to-set-up-a-real-time-data-stream").
     */
    public Mono<SocketToken> liveDataToken(Duration life, List<String> agentIds) {
        return client.value(inCompany(ApiRequest.post("auth-tokens/data")
                .body(Map.of("expiresIn", life.toSeconds(), "agents", references(agentIds)))
                .idempotent()
                .as(one(SocketToken.class))));
    }

    /**
     * Emits the upload address for an object in an agent's storage. The members of the request are not documented
     * (contract).
     */
    public Mono<BlobLink> objectUpload(String agentId, Map<String, ?> members) {
        return client.value(object(agentId, "upload", members));
    }

    /**
     * Emits the download address of an object in an agent's storage. The members of the request are not documented
     * (contract). Only reads.
     */
    public Mono<BlobLink> objectDownload(String agentId, Map<String, ?> members) {
        return client.value(object(agentId, "download", members).idempotent());
    }

    /** Returns the operations that upload a file (contract). */
    public IxonUploads uploads() {
        return new IxonUploads(client, this::inCompany);
    }

    /**
     * Fetches an object of up to 16 MiB from its store. The store receives no header of IXON. Needs no company
     * (contract).
     */
    public Mono<byte[]> blob(BlobLink link) {
        return Mono.defer(() -> client.value(ApiRequest.at(link.url()).as(Payload.bytes())));
    }

    /**
     * Downloads an object of any size to a file, as described in {@link ApiClient#download}; see
     * {@link #blob(BlobLink)}. The request appears in the log of this client, with the values in its query masked.
     */
    public Mono<Download> blob(BlobLink link, Path file) {
        return Mono.defer(() -> client.download(ApiRequest.at(link.url()), file));
    }

    /** Closes all connections without waiting until they are closed. */
    @Override
    public void close() {
        client.close();
    }

    private <T> ApiRequest<T> inCompany(ApiRequest<T> request) {
        if (company == null) {
            throw ApiException.invalidConfiguration("api-company: missing, and " + request
                    + " needs it (expected: a call on ixon.forCompany(publicId))");
        }
        return request.header(IxonHeader.COMPANY.headerName(), company);
    }

    private <T> Pages<T> inCompany(String path, Class<T> item, ListQuery query) {
        return client.pages(inCompany(rows(ApiRequest.get(path), query)), item);
    }

    private <T> Pages<T> ofAgent(String agentId, String what, Class<T> item, ListQuery query) {
        return client.pages(
                inCompany(rows(ApiRequest.get("agents/{agentId}/" + what).path("agentId", agentId), query)), item);
    }

    private static <T> Payload<T> one(Class<T> type) {
        return Payload.json(type).inside("data");
    }

    private static <T> Payload<Page<T>> page(Class<T> item) {
        return IxonVendor.LISTS.payload().of(item);
    }

    private static <T> ApiRequest<T> rows(ApiRequest<T> request, ListQuery query) {
        ApiRequest<T> list = fields(request, query.fields().toArray(String[]::new))
                .query("page-size", query.pageSize() == 0 ? null : query.pageSize());
        for (String filter : query.filters()) {
            list = list.query("filters", filter);
        }
        return list;
    }

    private static <T> ApiRequest<T> fields(ApiRequest<T> request, String... fields) {
        return request.query("fields", fields.length == 0 ? null : String.join(",", fields));
    }

    private Mono<Void> deletion(ApiRequest<?> request, List<String> publicIds) {
        return client.value(request.body(references(publicIds)).as(Payload.none()))
                .onErrorResume(ErrorKind.NOT_FOUND::matches, e -> isDone(e, publicIds) ? Mono.empty() : Mono.error(e));
    }

    /** Returns whether an earlier attempt, whose response was lost, has deleted all of them. */
    private static boolean isDone(Throwable notFound, List<String> publicIds) {
        return notFound instanceof ApiException e
                && e.journey().attempts().size() > 1
                && e.fieldErrors().size() == publicIds.size();
    }

    private Mono<Export> export(ApiRequest<?> request) {
        return client.execute(inCompany(request.as(Payload.bytes()))).map(Ixon::exported);
    }

    private static Export exported(ApiResponse<byte[]> response) {
        String type = response.headers().first("content-type");
        byte[] content = response.value();
        return new Export(type == null ? "" : type, content == null ? new byte[0] : content);
    }

    private ApiRequest<BlobLink> object(String agentId, String what, Map<String, ?> members) {
        return inCompany(ApiRequest.post("agents/{agentId}/object-storage/" + what)
                .path("agentId", agentId)
                .body(members)
                .as(one(BlobLink.class)));
    }

    private static List<Map<String, String>> references(List<String> publicIds) {
        return publicIds.stream().map(id -> Map.of("publicId", id)).toList();
    }
}
