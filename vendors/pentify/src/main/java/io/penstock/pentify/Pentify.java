package io.penstock.pentify;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Payload;
import io.penstock.download.Download;
import io.penstock.http.Secret;
import io.penstock.paging.Pages;
import io.penstock.pentify.model.EventType;
import io.penstock.pentify.model.NewScan;
import io.penstock.pentify.model.Scan;
import io.penstock.pentify.model.Target;
import io.penstock.pentify.model.Webhook;
import io.penstock.polling.Poll;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.PollState;
import io.penstock.polling.PollStatus;
import io.penstock.polling.Polling;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The documented operations of Pentify, typed. For anything else {@link #client()} takes any path.
 *
 * <p>Every method gives a cold {@code Mono}, whose subscriptions are calls of their own as {@link ApiClient#execute} tells, or a
 * list, page by page as {@link Pages} tells.
 * What Pentify refuses comes as a {@link PentifyException}. GETs and DELETEs are sent again where that can help, and
 * so is a POST with an idempotency key; one without only after a 429, or if not a byte of it was written. Every GET costs a token,
 * a repeated one too (page "tokens-and-pricing").
 */
public final class Pentify implements AutoCloseable {

    private static final Payload<Scan> SCAN = Payload.json(Scan.class);
    private static final Payload<Target> TARGET = Payload.json(Target.class);
    private static final Payload<Webhook> WEBHOOK = Payload.json(Webhook.class);

    private final ApiClient client;

    private Pentify(ApiClient client) {
        this.client = client;
    }

    /** A client with that key and the documented settings. */
    public static Pentify connect(Secret key) {
        return over(configure().secret(key).build());
    }

    /** A client of Pentify, to be configured and handed to {@link #over}. */
    public static ApiClientBuilder configure() {
        return ApiClient.builder(PentifyVendor.SPEC);
    }

    /** The typed operations over that client, which belongs to them from now on. */
    public static Pentify over(ApiClient client) {
        return new Pentify(client);
    }

    /** The generic client, for what is not typed here. */
    public ApiClient client() {
        return client;
    }

    /**
     * Orders a scan. The same key orders once, however often this is sent; the server answers with the scan that exists.
     * Needs {@code scans:write}; its cost is held at once, and returned if the scan fails.
     */
    public Mono<Scan> createScan(NewScan scan, IdempotencyKey key) {
        return client.value(
                ApiRequest.post("scans").body(scan).idempotencyKey(key).as(SCAN));
    }

    /**
     * Orders a scan without a key. If it is not certain that the server did not act, it fails with
     * {@code MAYBE_PROCESSED} rather than order twice. Needs {@code scans:write}.
     */
    public Mono<Scan> createScan(NewScan scan) {
        return client.value(ApiRequest.post("scans").body(scan).as(SCAN));
    }

    /** One scan. A scan should not be asked for more often than every 30 s (page "rate-limits"). Needs {@code scans:read}. */
    public Mono<Scan> scan(String id) {
        return client.value(ApiRequest.get("scans/{id}").path("id", id).as(SCAN));
    }

    /**
     * Watches a scan until it has ended, as {@link Poll} tells: not more often than every 30 s, because each poll costs a
     * token, for 2 h at most. {@code watchScan(id).result()} is the scan that has succeeded. Needs {@code scans:read}.
     */
    public Poll<Scan> watchScan(String id) {
        return client.poll(scanPolling(id));
    }

    /** As {@link #watchScan}, to be changed and handed to the client's {@code poll}; {@code resumed()} after a restart. */
    public static Polling<Scan> scanPolling(String id) {
        return PentifyVendor.SCAN.polling(SCAN, Pentify::statusOf, id);
    }

    private static PollStatus statusOf(Scan scan) {
        JsonNode reason = scan.more().get("reason");
        return PentifyVendor.SCAN_STATES
                .status(scan.status())
                .withReason(reason == null || !reason.isString() ? null : reason.asString());
    }

    /** The scans, at most 100 in a page. Needs {@code scans:read}; each page costs a token. */
    public Pages<Scan> scans() {
        return client.pages(ApiRequest.get("scans"), Scan.class);
    }

    /** The report of a scan; its schema is not documented. Needs {@code reports:read}. */
    public Mono<JsonNode> report(String scanId) {
        return client.value(ApiRequest.get("scans/{id}/report").path("id", scanId));
    }

    /**
     * The report of a scan as PDF. Pentify answers with a redirect to a signed address of another host: it is followed,
     * without the key, and its query is shown nowhere. How to ask for the PDF is not documented: this asks by
     * {@code Accept}. Needs {@code reports:read}.
     */
    public Mono<byte[]> reportPdf(String scanId) {
        return client.value(pdf(scanId).as(Payload.bytes()));
    }

    /** As {@link #reportPdf(String)}, of any size, to a file: {@link ApiClient#download} tells how. */
    public Mono<Download> reportPdf(String scanId, Path file) {
        return client.download(pdf(scanId), file);
    }

    private static ApiRequest<JsonNode> pdf(String scanId) {
        return ApiRequest.get("scans/{id}/report")
                .path("id", scanId)
                .header("accept", "application/pdf")
                .followRedirects(1);
    }

    /** The targets, at most 100 in a page. Needs {@code targets:read}; each page costs a token. */
    public Pages<Target> targets() {
        return client.pages(ApiRequest.get("targets"), Target.class);
    }

    /** Adds a target; the members are not documented. Needs {@code targets:write}. */
    public Mono<Target> createTarget(Map<String, ?> members) {
        return client.value(ApiRequest.post("targets").body(members).as(TARGET));
    }

    /** Asks Pentify to check the proof that a target is the caller's. Needs {@code targets:write}; costs 10 tokens. */
    public Mono<JsonNode> verifyTarget(String id) {
        return client.value(ApiRequest.post("targets/{id}/verify").path("id", id));
    }

    /** The webhook subscriptions, without their secrets. Needs {@code webhooks:write}. */
    public Pages<Webhook> webhooks() {
        return client.pages(ApiRequest.get("webhooks"), Webhook.class);
    }

    /** Subscribes to events. Only this answer holds the secret of the signatures. Needs {@code webhooks:write}. */
    public Mono<Webhook> createWebhook(URI url, List<EventType> events) {
        return client.value(ApiRequest.post("webhooks")
                .body(Map.of("url", url.toString(), "events", events))
                .as(WEBHOOK));
    }

    /** One webhook subscription, without its secret. Needs {@code webhooks:write}. */
    public Mono<Webhook> webhook(String id) {
        return client.value(ApiRequest.get("webhooks/{id}").path("id", id).as(WEBHOOK));
    }

    /** Ends a webhook subscription. Needs {@code webhooks:write}. */
    public Mono<Void> deleteWebhook(String id) {
        return client.value(ApiRequest.delete("webhooks/{id}").path("id", id).as(Payload.none()));
    }

    /** Token balance and usage; the fields are not documented. Needs {@code usage:read}. Also the way to check a key. */
    public Mono<JsonNode> usage() {
        return client.value(ApiRequest.get("usage"));
    }

    /** The user, workspace and key in use; the fields are not documented. Needs {@code usage:read}. */
    public Mono<JsonNode> profile() {
        return client.value(ApiRequest.get("profile"));
    }

    /** The catalogue of token packs. Public: no key is sent. */
    public Mono<JsonNode> tokenPacks() {
        return client.value(ApiRequest.get("/token-packs").anonymous());
    }

    /** The API's own contract. Public: no key is sent. */
    public Mono<JsonNode> openApi() {
        return client.value(ApiRequest.get("/openapi.json").anonymous());
    }

    /** Whether the API is up, at {@code /healthz}. Public: no key is sent. */
    public Mono<Void> health() {
        return health("/healthz");
    }

    /** As {@link #health()}, at another path: one page of the documentation has {@code /v1/healthz}. */
    public Mono<Void> health(String path) {
        return client.value(ApiRequest.get(path).anonymous().as(Payload.none()));
    }

    /**
     * Asks once whether a terminal is paired: the token's JSON, or empty as long as it is not; ask again with
     * {@code repeatWhenEmpty}, for at most 5 minutes. {@link PentifyException.PairingConsumed} means: start over. Public
     * and unmetered. That the device is named by {@code device_id} is inferred from the pairing page's address.
     */
    public Mono<JsonNode> pairing(String deviceId) {
        return client.value(ApiRequest.get("/auth/terminal/poll")
                        .query("device_id", deviceId)
                        .anonymous())
                .onErrorComplete(PentifyException.NotPairedYet.class);
    }

    /**
     * Waits until a terminal is paired, for at most 5 minutes: the token's JSON (page "terminal/login"). A 404 whose code is
     * {@code not_paired_yet} means: not yet; {@link PentifyException.NotPairedYet} after the 5 minutes,
     * {@link PentifyException.PairingConsumed} means: start over. How often to ask is not documented: every 5 s.
     */
    public Poll<JsonNode> watchPairing(String deviceId) {
        Duration life = Duration.ofMinutes(5);
        return client.poll(Polling.of(
                        ApiRequest.get("/auth/terminal/poll")
                                .query("device_id", deviceId)
                                .anonymous(),
                        token -> PollStatus.of(PollState.SUCCEEDED))
                .withPolicy(PollPolicy.standard().steady())
                .absentFor(life, "not_paired_yet")
                .within(life));
    }

    /** Gives up all connections, without waiting for it. */
    @Override
    public void close() {
        client.close();
    }
}
