package io.penstock.ixon;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.download.Download;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.ixon.model.Agent;
import io.penstock.ixon.model.Alarm;
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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The most frequently used operations of the IXON APIv2, typed; {@link #resource} has every path of the contract.
 * Operations of a company must be called on the instance that {@link #forCompany} returns; on any other instance they
 * throw INVALID_CONFIGURATION before anything is sent.
 *
 * <p>A collection has a method of its name, and its type has the operations that the contract publishes:
 * {@code ixon.groups().list(query)}, {@code ixon.dataTags(agentId).update(tagId, members)}.
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

    /** Read when the class is initialized, because calls are made on event loops, too. */
    static final Contract CONTRACT = Contract.load();

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

    /** Returns the generic client. Its requests must set {@code Api-Company} themselves. */
    public ApiClient client() {
        return client;
    }

    /**
     * Returns the operations that the contract publishes on a path, with rows as trees; {@link IxonResource#as} gives
     * them a type.
     *
     * @param path a path of the contract, such as {@code agents/{agentId}/servers}; the names of placeholders are free
     * @param ids the values of the placeholders, in order
     * @throws ApiException INVALID_REQUEST for a path that the contract does not have, with the nearest ones
     */
    public IxonResource<JsonNode> resource(String path, String... ids) {
        return IxonResource.of(client, company, CONTRACT.at(path), List.of(ids));
    }

    // ---- access: no company ----

    /** Emits the server's clock. Needs no token. Use it to check whether the API is up (contract). */
    public Mono<ServerTime> serverTime() {
        return resource("server-time").as(ServerTime.class).get();
    }

    /**
     * Emits the addresses of all resources. Needs no token. They can be cached for a day (page
     * "ixon-api-prerequisites").
     */
    public Mono<Discovery> discovery() {
        return client.value(ApiRequest.get("")
                        .as(IxonVendor.LISTS.payload().of(Link.class))
                        .anonymous())
                .map(links -> new Discovery(client.baseUri(), links.items()));
    }

    /**
     * Emits a token for a person, by {@code email:otp:password} (page "ixon-api-authentication-headers"). A one-time
     * password is valid once and is not stored: with it, the login is never retried.
     *
     * @param oneTimePassword empty if the account has no second factor
     */
    public Mono<TokenInfo> login(String email, String oneTimePassword, Secret password) {
        return client.value(IxonVendor.login(email, oneTimePassword, password)
                .as(Payload.json(TokenInfo.class).inside("data")));
    }

    /** Emits the access token in use, without its secret (contract). */
    public Mono<TokenInfo> currentToken() {
        return resource("access-tokens/me").as(TokenInfo.class).get();
    }

    /**
     * Revokes the access token in use (contract). If an attempt breaks off after IXON has acted, the resend fails with
     * {@link IxonException.Authorization}: the token is revoked.
     */
    public Mono<Void> revokeCurrentToken() {
        return resource("access-tokens/me").delete();
    }

    /** Returns the access tokens of the account, without their secrets (contract). */
    public ReadableRows<TokenInfo> accessTokens() {
        return new ReadableRows<>(this, TokenInfo.class, "access-tokens");
    }

    /** Revokes access tokens (contract). */
    public Mono<Void> revokeTokens(List<String> publicIds) {
        return resource("access-tokens").delete(publicIds);
    }

    /** Revokes an access token (contract). */
    public Mono<Void> revokeToken(String publicId) {
        return resource("access-tokens/{publicId}", publicId).delete();
    }

    /** Emits the person or account that owns the token (contract). */
    public Mono<Resource> me(String... fields) {
        return resource("users/me").as(Resource.class).get(fields);
    }

    /** Changes the person or account that owns the token (contract). */
    public Mono<Void> updateMe(Map<String, ?> members) {
        return resource("users/me").update(members);
    }

    /** Deletes the person or account that owns the token (contract). */
    public Mono<Void> deleteMe() {
        return resource("users/me").delete();
    }

    /** Returns the companies that are visible to the account (contract). */
    public ReadableRows<Resource> companies() {
        return new ReadableRows<>(this, Resource.class, "companies");
    }

    /** Creates companies and emits them with their identifiers (contract). */
    public Mono<List<Resource>> createCompanies(List<? extends Map<String, ?>> companies) {
        return resource("companies").as(Resource.class).create(companies);
    }

    /** Deletes companies (contract). */
    public Mono<Void> deleteCompanies(List<String> publicIds) {
        return resource("companies").delete(publicIds);
    }

    /** Deletes a company (contract). */
    public Mono<Void> deleteCompany(String publicId) {
        return resource("companies/{publicId}", publicId).delete();
    }

    /** Returns the messages to the account (contract). */
    public RemovableRows<Resource> messages() {
        return new RemovableRows<>(this, Resource.class, "messages");
    }

    /** Returns the filters of messages to the account (contract). */
    public Rows<Resource> messageFilters() {
        return new Rows<>(this, Resource.class, "message-filters");
    }

    /** Changes all messages to the account (contract). */
    public Mono<Void> updateAllMessages(Map<String, ?> members) {
        return resource("messages/all").update(members);
    }

    /** Emits a token for the WebSocket of change notifications (page "change-notification-system-cns"). */
    public Mono<SocketToken> changeNotificationToken(Duration life) {
        return resource("auth-tokens/cns").as(SocketToken.class).ask(Map.of("expiresIn", life.toSeconds()));
    }

    /** Returns the webhook subscriptions, with {@code name}, {@code timeout} and {@code callbackUrl} (contract). */
    public Rows<WebhookSubscription> webhookSubscriptions() {
        return new Rows<>(this, WebhookSubscription.class, "webhook-subscriptions");
    }

    /** Returns the deliveries of a webhook (contract). */
    public Pages<WebhookTrigger> webhookTriggers(String subscriptionId, ListQuery query) {
        return resource("webhook-subscriptions/{publicId}/triggers", subscriptionId)
                .as(WebhookTrigger.class)
                .list(query);
    }

    // ---- a company ----

    /** Emits the company itself (contract). */
    public Mono<Resource> company(String... fields) {
        return resource("companies/me").as(Resource.class).get(fields);
    }

    /** Changes the company itself (contract). */
    public Mono<Void> updateCompany(Map<String, ?> members) {
        return resource("companies/me").update(members);
    }

    /** Returns the agents (contract). */
    public RemovableRows<Agent> agents() {
        return new RemovableRows<>(this, Agent.class, "agents");
    }

    /** Returns the memberships of agents (contract). */
    public Rows<Resource> agentMemberships() {
        return new Rows<>(this, Resource.class, "agents/memberships");
    }

    /**
     * Requests a reboot. Completes when the server has accepted it; {@link #agentAuditLogs} shows the outcome
     * (contract).
     */
    public Mono<Void> rebootAgent(String publicId) {
        return resource("agents/{agentId}/reboot", publicId).act();
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
                        resource("agents/{agentId}/audit-logs", agentId)
                                .listing(query)
                                .as(IxonVendor.LISTS.payload().of(AuditLog.class)),
                        page -> PollStatus.of(
                                page.items().isEmpty() ? PollState.RUNNING : PollState.SUCCEEDED,
                                page.items().size() + " entries"))
                .withPolicy(IxonVendor.ACTION_POLLS)
                .within(IxonVendor.ACTION_LIMIT);
    }

    /** Returns the machines behind an agent (contract). */
    public Rows<Device> devices(String agentId) {
        return new Rows<>(this, Device.class, "agents/{agentId}/devices", agentId);
    }

    /** Returns the servers of an agent (contract). */
    public Rows<Resource> servers(String agentId) {
        return new Rows<>(this, Resource.class, "agents/{agentId}/servers", agentId);
    }

    /** Returns the sources of an agent's data (contract). */
    public Rows<Resource> dataSources(String agentId) {
        return new Rows<>(this, Resource.class, "agents/{agentId}/data-sources", agentId);
    }

    /** Returns the variables of an agent's machines (contract). */
    public Rows<DataVariable> dataVariables(String agentId) {
        return new Rows<>(this, DataVariable.class, "agents/{agentId}/data-variables", agentId);
    }

    /** Returns the recorded variables of an agent's machines (contract). */
    public Rows<DataTag> dataTags(String agentId) {
        return new Rows<>(this, DataTag.class, "agents/{agentId}/data-tags", agentId);
    }

    /** Returns the alarms of an agent (contract). */
    public Rows<Alarm> dataAlarms(String agentId) {
        return new Rows<>(this, Alarm.class, "agents/{agentId}/data-alarms", agentId);
    }

    /**
     * Returns the occurrences of an agent's alarms (contract). To acknowledge one, change its {@code acknowledged} and
     * {@code comment}.
     */
    public EditableRows<AlarmOccurrence> alarmOccurrences(String agentId) {
        return new EditableRows<>(this, AlarmOccurrence.class, "agents/{agentId}/alarm-occurrences", agentId);
    }

    /** Returns the audit log of an agent (contract). */
    public Pages<AuditLog> agentAuditLogs(String agentId, ListQuery query) {
        return resource("agents/{agentId}/audit-logs", agentId)
                .as(AuditLog.class)
                .list(query);
    }

    /** Returns the audit log of the company (contract). */
    public Pages<AuditLog> auditLogs(ListQuery query) {
        return resource("audit-logs").as(AuditLog.class).list(query);
    }

    /** Emits the audit log as a file (contract). */
    public Mono<Export> auditLogsExport() {
        return resource("audit-logs-export").export();
    }

    /** Returns the schedules of an agent's reports (contract). */
    public Rows<Resource> reportSchedules(String agentId) {
        return new Rows<>(this, Resource.class, "agents/{agentId}/report-schedules", agentId);
    }

    /** Returns the assets (contract). */
    public Rows<Resource> assets() {
        return new Rows<>(this, Resource.class, "assets");
    }

    /**
     * Sends {@code POST /assets/{publicId}} and emits the created assets with their identifiers. The contract does not
     * explain how it differs from {@link #assets()}.
     */
    public Mono<List<Resource>> createInAsset(String publicId, Map<String, ?> members) {
        return resource("assets/{publicId}", publicId).as(Resource.class).create(members);
    }

    /** Returns the memberships of assets (contract). */
    public Rows<Resource> assetMemberships() {
        return new Rows<>(this, Resource.class, "assets/memberships");
    }

    /** Returns the users (contract). */
    public ReadableRows<Resource> users() {
        return new ReadableRows<>(this, Resource.class, "users");
    }

    /** Deletes users (contract). */
    public Mono<Void> deleteUsers(List<String> publicIds) {
        return resource("users").delete(publicIds);
    }

    /** Deletes a user (contract). */
    public Mono<Void> deleteUser(String publicId) {
        return resource("users/{publicId}", publicId).delete();
    }

    /** Returns the memberships: users with their groups and roles (contract). */
    public Rows<Resource> memberships() {
        return new Rows<>(this, Resource.class, "users/memberships");
    }

    /** Returns the licences (contract). */
    public ReadableRows<Resource> licences() {
        return new ReadableRows<>(this, Resource.class, "licences");
    }

    /** Creates licences and emits them with their identifiers (contract). */
    public Mono<List<Resource>> createLicences(List<? extends Map<String, ?>> licences) {
        return resource("licences").as(Resource.class).create(licences);
    }

    /** Returns the roles (contract). */
    public Rows<Role> roles() {
        return new Rows<>(this, Role.class, "roles");
    }

    /** Returns the groups (contract). */
    public Rows<Group> groups() {
        return new Rows<>(this, Group.class, "groups");
    }

    /** Creates service accounts. Only this response contains their tokens (page "ixon-api-prerequisites"). */
    public Mono<List<ServiceAccount>> createServiceAccounts(List<String> names) {
        return resource("users/service-account")
                .as(ServiceAccount.class)
                .create(names.stream().map(name -> Map.of("name", name)).toList());
    }

    /** Emits historical data, one series per query (page "how-to-retrieve-historical-data"). Only reads. */
    public Mono<List<DataSeries>> data(List<DataQuery> queries) {
        return resource("data").as(DataSeries.class).create(queries);
    }

    /** Emits historical data as a file (page "how-to-retrieve-historical-data"). Only reads. */
    public Mono<Export> dataExport(DataQuery query) {
        return resource("data-export").export(query);
    }

    /**
     * Emits a token for the WebSocket of live data, valid for 60 s to 3600 s (page
     * "how-to-set-up-a-real-time-data-stream").
     */
    public Mono<SocketToken> liveDataToken(Duration life, List<String> agentIds) {
        return resource("auth-tokens/data")
                .as(SocketToken.class)
                .ask(Map.of("expiresIn", life.toSeconds(), "agents", IxonResource.references(agentIds)));
    }

    /**
     * Emits the upload address for an object in an agent's storage. The members of the request are not documented
     * (contract).
     */
    public Mono<BlobLink> objectUpload(String agentId, Map<String, ?> members) {
        return resource("agents/{agentId}/object-storage/upload", agentId)
                .as(BlobLink.class)
                .ask(members);
    }

    /**
     * Emits the download address of an object in an agent's storage. The members of the request are not documented
     * (contract). Only reads.
     */
    public Mono<BlobLink> objectDownload(String agentId, Map<String, ?> members) {
        return resource("agents/{agentId}/object-storage/download", agentId)
                .as(BlobLink.class)
                .ask(members);
    }

    /** Returns the operations that upload a file (contract). */
    public IxonUploads uploads() {
        return new IxonUploads(this);
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
}
