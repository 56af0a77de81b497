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
 * The operations of the IXON APIv2 that are used most, typed; {@link #client()} takes any path of the contract. Operations
 * that IXON counts to a company are called on what {@link #forCompany} gives; on any other they throw INVALID_CONFIGURATION
 * before anything is sent.
 *
 * <p>Every method gives a cold publisher; each subscription is a call of its own, as {@link ApiClient#execute} tells. A list
 * is fetched page by page as its subscriber asks for more, as {@link Pages} tells. What IXON refuses comes as an
 * {@link IxonException}. Sent again, where that can help, are: GET and POSTs that only read; after a lost connection
 * also PATCH and DELETE, which name what they change, so that "not found" after a lost answer to a DELETE means done. Other
 * POSTs are sent again only while not a byte of them was written: IXON knows no idempotency keys (page "common-errors"). What an account may
 * do follows from its roles; the documentation names no rights by operation.
 */
public final class Ixon implements AutoCloseable {

    private final ApiClient client;
    private final BlobStores blobs;
    private final @Nullable String company;

    private Ixon(ApiClient client, BlobStores blobs, @Nullable String company) {
        this.client = client;
        this.blobs = blobs;
        this.company = company;
    }

    /** A client with the token of a service account, which works with its application only, and the documented settings. */
    public static Ixon connect(String application, Secret token) {
        return over(configure(application).secret(token).build());
    }

    /**
     * A client that logs in with a password, without second factor, whenever it needs a token. An account with a second
     * factor has {@link #login}, whose token goes to {@link #connect(String, Secret)}.
     */
    public static Ixon connect(String application, String email, Secret password) {
        return over(configure(application, email).secret(password).build());
    }

    /**
     * A client of IXON whose secret is a bearer token, to be configured and handed to {@link #over}.
     *
     * @throws ApiException INVALID_CONFIGURATION if the application is none
     */
    public static ApiClientBuilder configure(String application) {
        return with(application, ApiClient.builder(IxonVendor.SPEC));
    }

    /** As {@link #configure(String)}, where the secret is this person's password. */
    public static ApiClientBuilder configure(String application, String email) {
        return with(application, ApiClient.builder(IxonVendor.withLogin(email)));
    }

    private static ApiClientBuilder with(String application, ApiClientBuilder builder) {
        return builder.header(IxonHeader.APPLICATION.headerName(), IxonHeader.APPLICATION.checked(application))
                .deadline(IxonVendor.DEADLINE);
    }

    /** The typed operations over that client, which belongs to them from now on. */
    public static Ixon over(ApiClient client) {
        return new Ixon(client, new BlobStores(client.baseUri()), null);
    }

    /**
     * The same client for one company; {@link #close} closes both.
     *
     * @throws ApiException INVALID_CONFIGURATION if the server would not take the form of the identifier
     */
    public Ixon forCompany(String publicId) {
        return new Ixon(client, blobs, IxonHeader.COMPANY.checked(publicId));
    }

    /** The generic client, for what is not typed here. {@code Api-Company} is the request's own affair there. */
    public ApiClient client() {
        return client;
    }

    // ---- access: no company ----

    /** The server's clock; needs no token. The way to see whether the API is up (contract). */
    public Mono<ServerTime> serverTime() {
        return client.value(
                ApiRequest.get("server-time").as(one(ServerTime.class)).anonymous());
    }

    /** Where everything is; needs no token. Worth keeping for a day (page "ixon-api-prerequisites"). */
    public Mono<Discovery> discovery() {
        return client.value(ApiRequest.get("").as(page(Link.class)).anonymous())
                .map(links -> new Discovery(client.baseUri(), links.items()));
    }

    /**
     * A token for a person, by {@code email:otp:password} (page "ixon-api-authentication-headers"). A one-time password is
     * good once and not kept: with it this is never repeated by itself.
     *
     * @param oneTimePassword empty where the account has no second factor
     */
    public Mono<TokenInfo> login(String email, String oneTimePassword, Secret password) {
        return client.value(IxonVendor.login(email, oneTimePassword, password).as(one(TokenInfo.class)));
    }

    /** The access token in use, without its secret (contract). */
    public Mono<TokenInfo> currentToken() {
        return client.value(ApiRequest.get("access-tokens/me").as(one(TokenInfo.class)));
    }

    /** Revokes the access token in use (contract). */
    public Mono<Void> revokeCurrentToken() {
        return client.value(ApiRequest.delete("access-tokens/me").as(Payload.none()));
    }

    /** The person or account that the token is of (contract). */
    public Mono<Resource> me(String... fields) {
        return client.value(fields(ApiRequest.get("users/me"), fields).as(one(Resource.class)));
    }

    /** The companies that the account sees (contract). */
    public Pages<Resource> companies(ListQuery query) {
        return client.pages(rows(ApiRequest.get("companies"), query), Resource.class);
    }

    /** The messages to the account (contract). */
    public Pages<Resource> messages(ListQuery query) {
        return client.pages(rows(ApiRequest.get("messages"), query), Resource.class);
    }

    /** What opens the WebSocket of change notifications (page "change-notification-system-cns"). */
    public Mono<SocketToken> changeNotificationToken(Duration life) {
        return client.value(ApiRequest.post("auth-tokens/cns")
                .body(Map.of("expiresIn", life.toSeconds()))
                .idempotent()
                .as(one(SocketToken.class)));
    }

    /** The webhook subscriptions (contract). */
    public Pages<WebhookSubscription> webhookSubscriptions(ListQuery query) {
        return client.pages(rows(ApiRequest.get("webhook-subscriptions"), query), WebhookSubscription.class);
    }

    /** Subscribes, with {@code name}, {@code timeout} and {@code callbackUrl} (contract). Emits what was created. */
    public Mono<List<WebhookSubscription>> createWebhookSubscriptions(List<? extends Map<String, ?>> subscriptions) {
        return client.value(ApiRequest.post("webhook-subscriptions")
                        .body(subscriptions)
                        .as(page(WebhookSubscription.class)))
                .map(Page::items);
    }

    /** Ends webhook subscriptions (contract). */
    public Mono<Void> deleteWebhookSubscriptions(List<String> publicIds) {
        return deletion(ApiRequest.delete("webhook-subscriptions"), publicIds);
    }

    /** The deliveries of a webhook (contract). */
    public Pages<WebhookTrigger> webhookTriggers(String subscriptionId, ListQuery query) {
        return client.pages(
                rows(ApiRequest.get("webhook-subscriptions/{id}/triggers").path("id", subscriptionId), query),
                WebhookTrigger.class);
    }

    // ---- a company ----

    /** The company itself (contract). */
    public Mono<Resource> company(String... fields) {
        return client.value(
                inCompany(fields(ApiRequest.get("companies/me"), fields).as(one(Resource.class))));
    }

    /** The agents (contract). */
    public Pages<Agent> agents(ListQuery query) {
        return inCompany("agents", Agent.class, query);
    }

    /** One agent (contract). */
    public Mono<Agent> agent(String publicId, String... fields) {
        return client.value(inCompany(fields(ApiRequest.get("agents/{id}").path("id", publicId), fields)
                .as(one(Agent.class))));
    }

    /** Changes agents: each element has {@code publicId} and what changes (contract). */
    public Mono<Void> updateAgents(List<? extends Map<String, ?>> changes) {
        return client.value(
                inCompany(ApiRequest.patch("agents").body(changes).idempotent().as(Payload.none())));
    }

    /** Orders a reboot. It ends when that is accepted: how it went is in {@link #agentAuditLogs} (contract). */
    public Mono<Void> rebootAgent(String publicId) {
        return client.value(inCompany(
                ApiRequest.post("agents/{id}/reboot").path("id", publicId).as(Payload.none())));
    }

    /**
     * Watches for the outcome of an action on an agent, such as {@link #rebootAgent}, as {@link Poll} tells: every 10 s to
     * 60 s, for 15 minutes at most. There is no job to ask for (contract): the outcome is an entry {@code TRIGGER} of the
     * agent's audit log. What one looks like that failed is not documented, so look into the entry: the first of the last
     * page. Two actions on one agent at a time cannot be told apart.
     *
     * @param since when the action was ordered, by the server's clock ({@link #serverTime}); with the agent's id, it is all
     *     that is needed to go on after a restart
     */
    public Poll<Page<AuditLog>> watchAction(String agentId, Instant since) {
        return client.poll(actionPolling(agentId, since));
    }

    /** As {@link #watchAction}, to be changed and handed to the client's {@code poll}; {@code resumed()} after a restart. */
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

    /** The machines behind an agent (contract). */
    public Pages<Device> devices(String agentId, ListQuery query) {
        return ofAgent(agentId, "devices", Device.class, query);
    }

    /** Where an agent's data come from (contract). */
    public Pages<Resource> dataSources(String agentId, ListQuery query) {
        return ofAgent(agentId, "data-sources", Resource.class, query);
    }

    /** The variables of an agent's machines (contract). */
    public Pages<DataVariable> dataVariables(String agentId, ListQuery query) {
        return ofAgent(agentId, "data-variables", DataVariable.class, query);
    }

    /** What is recorded of an agent's machines (contract). */
    public Pages<DataTag> dataTags(String agentId, ListQuery query) {
        return ofAgent(agentId, "data-tags", DataTag.class, query);
    }

    /** The alarms that went off at an agent (contract). */
    public Pages<AlarmOccurrence> alarmOccurrences(String agentId, ListQuery query) {
        return ofAgent(agentId, "alarm-occurrences", AlarmOccurrence.class, query);
    }

    /** What was done to an agent (contract). */
    public Pages<AuditLog> agentAuditLogs(String agentId, ListQuery query) {
        return ofAgent(agentId, "audit-logs", AuditLog.class, query);
    }

    /** What was done in the company (contract). */
    public Pages<AuditLog> auditLogs(ListQuery query) {
        return inCompany("audit-logs", AuditLog.class, query);
    }

    /** The assets (contract). */
    public Pages<Resource> assets(ListQuery query) {
        return inCompany("assets", Resource.class, query);
    }

    /** Who is in which group with which role (contract). */
    public Pages<Resource> memberships(ListQuery query) {
        return inCompany("users/memberships", Resource.class, query);
    }

    /** The licences (contract). */
    public Pages<Resource> licences(ListQuery query) {
        return inCompany("licences", Resource.class, query);
    }

    /** The roles (contract). */
    public Pages<Role> roles(ListQuery query) {
        return inCompany("roles", Role.class, query);
    }

    /** The groups (contract). */
    public Pages<Group> groups(ListQuery query) {
        return inCompany("groups", Group.class, query);
    }

    /** Creates groups (contract). Emits them, with no more than their identifiers. */
    public Mono<List<Group>> createGroups(List<? extends Map<String, ?>> groups) {
        return client.value(inCompany(ApiRequest.post("groups").body(groups).as(page(Group.class))))
                .map(Page::items);
    }

    /** Changes groups: each element has {@code publicId} and what changes (contract). */
    public Mono<Void> updateGroups(List<? extends Map<String, ?>> changes) {
        return client.value(
                inCompany(ApiRequest.patch("groups").body(changes).idempotent().as(Payload.none())));
    }

    /** Deletes groups (contract). */
    public Mono<Void> deleteGroups(List<String> publicIds) {
        return deletion(inCompany(ApiRequest.delete("groups")), publicIds);
    }

    /** Creates accounts for programs; only this answer has their tokens (page "ixon-api-prerequisites"). */
    public Mono<List<ServiceAccount>> createServiceAccounts(List<String> names) {
        return client.value(inCompany(ApiRequest.post("users/service-account")
                        .body(names.stream().map(name -> Map.of("name", name)).toList())
                        .as(page(ServiceAccount.class))))
                .map(Page::items);
    }

    /** Historical data, a series for each query (page "how-to-retrieve-historical-data"). It only reads. */
    public Mono<List<DataSeries>> data(List<DataQuery> queries) {
        return client.value(inCompany(
                        ApiRequest.post("data").body(queries).idempotent().as(page(DataSeries.class))))
                .map(Page::items);
    }

    /** Historical data as a file (page "how-to-retrieve-historical-data"). It only reads. */
    public Mono<Export> dataExport(DataQuery query) {
        return export(ApiRequest.post("data-export").body(query).idempotent());
    }

    /** The audit log as a file (contract). */
    public Mono<Export> auditLogsExport() {
        return export(ApiRequest.get("audit-logs-export"));
    }

    /** What opens the WebSocket of live data (page "how-to-set-up-a-real-time-data-stream"): 60 s to 3600 s. */
    public Mono<SocketToken> liveDataToken(Duration life, List<String> agentIds) {
        return client.value(inCompany(ApiRequest.post("auth-tokens/data")
                .body(Map.of("expiresIn", life.toSeconds(), "agents", references(agentIds)))
                .idempotent()
                .as(one(SocketToken.class))));
    }

    /** Where to put an object of an agent's storage; the members of the request are not documented (contract). */
    public Mono<BlobLink> objectUpload(String agentId, Map<String, ?> members) {
        return object(agentId, "upload", members);
    }

    /** Where to get an object of an agent's storage; the members of the request are not documented (contract). */
    public Mono<BlobLink> objectDownload(String agentId, Map<String, ?> members) {
        return object(agentId, "download", members);
    }

    /** The operations that take a file as it is (contract). */
    public IxonUploads uploads() {
        return new IxonUploads(client, this::inCompany);
    }

    /** Fetches an object of up to 16 MiB from its store, which sees no header of IXON; needs no company (contract). */
    public Mono<byte[]> blob(BlobLink link) {
        return blobs.fetch(link);
    }

    /**
     * As {@link #blob(BlobLink)}, of any size, to a file: {@link ApiClient#download} tells how. It stands in the log of this
     * client, without its query.
     */
    public Mono<Download> blob(BlobLink link, Path file) {
        return Mono.defer(() -> client.download(ApiRequest.at(link.url()), file));
    }

    /** Gives up all connections, without waiting for it. */
    @Override
    public void close() {
        client.close();
        blobs.close();
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
                .onErrorResume(ErrorKind.NOT_FOUND, e -> isDone(e, publicIds) ? Mono.empty() : Mono.error(e));
    }

    /** Whether an earlier attempt, whose answer was lost, has deleted all of them. */
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

    private Mono<BlobLink> object(String agentId, String what, Map<String, ?> members) {
        return client.value(inCompany(ApiRequest.post("agents/{agentId}/object-storage/" + what)
                .path("agentId", agentId)
                .body(members)
                .as(one(BlobLink.class))));
    }

    private static List<Map<String, String>> references(List<String> publicIds) {
        return publicIds.stream().map(id -> Map.of("publicId", id)).toList();
    }
}
