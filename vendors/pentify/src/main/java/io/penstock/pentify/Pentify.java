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
 * The documented operations of Pentify, typed. For any other path use {@link #client()}.
 *
 * <p>Every method returns a cold {@code Mono} or a list. Each subscription to a {@code Mono} is a separate call, as
 * described in {@link ApiClient#execute}; a list is read page by page, as described in {@link Pages}. Failures that
 * Pentify reports are emitted as a {@link PentifyException}. GETs, DELETEs and POSTs with an idempotency key are
 * retried where that can help. A POST without a key is retried only after a 429, or if no byte of it was written. Every
 * GET costs a token, including each retry (page "tokens-and-pricing").
 */
public final class Pentify implements AutoCloseable {

    private static final Payload<Scan> SCAN = Payload.json(Scan.class);
    private static final Payload<Target> TARGET = Payload.json(Target.class);
    private static final Payload<Webhook> WEBHOOK = Payload.json(Webhook.class);

    private final ApiClient client;

    private Pentify(ApiClient client) {
        this.client = client;
    }

    /** Creates a client with an API key and the documented settings. */
    public static Pentify connect(Secret key) {
        return over(configure().secret(key).build());
    }

    /** Returns a builder for a client of Pentify. Pass the client to {@link #over}. */
    public static ApiClientBuilder configure() {
        return ApiClient.builder(PentifyVendor.SPEC);
    }

    /** Creates the typed operations over a client and takes ownership of the client. */
    public static Pentify over(ApiClient client) {
        return new Pentify(client);
    }

    /** Returns the generic client, for operations that are not typed here. */
    public ApiClient client() {
        return client;
    }

    /**
     * Orders a scan with an idempotency key. All requests with the same key order one scan; the server responds with
     * the existing scan. Needs {@code scans:write}. The cost is reserved immediately and returned if the scan fails.
     */
    public Mono<Scan> createScan(NewScan scan, IdempotencyKey key) {
        return client.value(
                ApiRequest.post("scans").body(scan).idempotencyKey(key).as(SCAN));
    }

    /**
     * Orders a scan without a key. Fails with {@code MAYBE_PROCESSED}, rather than order twice, if the server may have
     * acted. Needs {@code scans:write}.
     */
    public Mono<Scan> createScan(NewScan scan) {
        return client.value(ApiRequest.post("scans").body(scan).as(SCAN));
    }

    /**
     * Emits one scan. A scan should not be requested more often than every 30 s (page "rate-limits"). Needs
     * {@code scans:read}.
     */
    public Mono<Scan> scan(String id) {
        return client.value(ApiRequest.get("scans/{id}").path("id", id).as(SCAN));
    }

    /**
     * Watches a scan until it has ended, as described in {@link Poll}. Polls are at least 30 s apart, because each poll
     * costs a token, and continue for at most 2 h. {@code watchScan(id).result()} emits the scan if it succeeded. Needs
     * {@code scans:read}.
     */
    public Poll<Scan> watchScan(String id) {
        return client.poll(scanPolling(id));
    }

    /**
     * Returns the polling of {@link #watchScan}. Change it and pass it to the client's {@code poll}; use
     * {@code resumed()} after a restart.
     */
    public static Polling<Scan> scanPolling(String id) {
        return PentifyVendor.SCAN.polling(SCAN, Pentify::statusOf, id);
    }

    private static PollStatus statusOf(Scan scan) {
        JsonNode reason = scan.more().get("reason");
        return PentifyVendor.SCAN_STATES
                .status(scan.status())
                .withReason(reason == null || !reason.isString() ? null : reason.asString());
    }

    /** Returns the scans, at most 100 per page. Needs {@code scans:read}; each page costs a token. */
    public Pages<Scan> scans() {
        return client.pages(ApiRequest.get("scans"), Scan.class);
    }

    /** Emits the report of a scan, whose schema is not documented. Needs {@code reports:read}. */
    public Mono<JsonNode> report(String scanId) {
        return client.value(ApiRequest.get("scans/{id}/report").path("id", scanId));
    }

    /**
     * Emits the report of a scan as PDF. Pentify responds with a redirect to a signed address on another host. The
     * client follows it without the key, and never shows its query. The way to request the PDF is not documented; this
     * method uses {@code Accept}. Needs {@code reports:read}.
     */
    public Mono<byte[]> reportPdf(String scanId) {
        return client.value(pdf(scanId).as(Payload.bytes()));
    }

    /**
     * Downloads a report of any size to a file, as described in {@link ApiClient#download}; see
     * {@link #reportPdf(String)}.
     */
    public Mono<Download> reportPdf(String scanId, Path file) {
        return client.download(pdf(scanId), file);
    }

    private static ApiRequest<JsonNode> pdf(String scanId) {
        return ApiRequest.get("scans/{id}/report")
                .path("id", scanId)
                .header("accept", "application/pdf")
                .followRedirects(1);
    }

    /** Returns the targets, at most 100 per page. Needs {@code targets:read}; each page costs a token. */
    public Pages<Target> targets() {
        return client.pages(ApiRequest.get("targets"), Target.class);
    }

    /** Adds a target. The members are not documented. Needs {@code targets:write}. */
    public Mono<Target> createTarget(Map<String, ?> members) {
        return client.value(ApiRequest.post("targets").body(members).as(TARGET));
    }

    /** Asks Pentify to verify that a target belongs to the caller. Needs {@code targets:write}; costs 10 tokens. */
    public Mono<JsonNode> verifyTarget(String id) {
        return client.value(ApiRequest.post("targets/{id}/verify").path("id", id));
    }

    /** Returns the webhook subscriptions, without their secrets. Needs {@code webhooks:write}. */
    public Pages<Webhook> webhooks() {
        return client.pages(ApiRequest.get("webhooks"), Webhook.class);
    }

    /**
     * Creates a subscription to events. Only this response contains the signing secret. Needs {@code webhooks:write}.
     */
    public Mono<Webhook> createWebhook(URI url, List<EventType> events) {
        return client.value(ApiRequest.post("webhooks")
                .body(Map.of("url", url.toString(), "events", events))
                .as(WEBHOOK));
    }

    /** Emits one webhook subscription, without its secret. Needs {@code webhooks:write}. */
    public Mono<Webhook> webhook(String id) {
        return client.value(ApiRequest.get("webhooks/{id}").path("id", id).as(WEBHOOK));
    }

    /** Deletes a webhook subscription. If a resend does not find it, it counts as deleted. Needs {@code webhooks:write}. */
    public Mono<Void> deleteWebhook(String id) {
        return client.value(ApiRequest.delete("webhooks/{id}").path("id", id).as(Payload.none()));
    }

    /**
     * Emits the token balance and usage, whose fields are not documented. Use it to check a key. Needs
     * {@code usage:read}.
     */
    public Mono<JsonNode> usage() {
        return client.value(ApiRequest.get("usage"));
    }

    /** Emits the user, workspace and key in use. The fields are not documented. Needs {@code usage:read}. */
    public Mono<JsonNode> profile() {
        return client.value(ApiRequest.get("profile"));
    }

    /** Emits the catalogue of token packs. Public: no key is sent. */
    public Mono<JsonNode> tokenPacks() {
        return client.value(ApiRequest.get("/token-packs").anonymous());
    }

    /** Emits the API's OpenAPI document. Public: no key is sent. */
    public Mono<JsonNode> openApi() {
        return client.value(ApiRequest.get("/openapi.json").anonymous());
    }

    /** Checks at {@code /healthz} whether the API is up. Public: no key is sent. */
    public Mono<Void> health() {
        return health("/healthz");
    }

    /**
     * Checks at another path whether the API is up: one page of the documentation has {@code /v1/healthz}. See
     * {@link #health()}.
     */
    public Mono<Void> health(String path) {
        return client.value(ApiRequest.get(path).anonymous().as(Payload.none()));
    }

    /**
     * Checks once whether a terminal is paired. Emits the token's JSON, or is empty until the terminal is paired; poll
     * with {@code repeatWhenEmpty} for at most 5 minutes. After {@link PentifyException.PairingConsumed}, start the
     * pairing over; it also follows if an attempt breaks off that carried the token. Public and unmetered. The parameter {@code device_id} is inferred from the address of the pairing
     * page.
     */
    public Mono<JsonNode> pairing(String deviceId) {
        return client.value(ApiRequest.get("/auth/terminal/poll")
                        .query("device_id", deviceId)
                        .anonymous())
                .onErrorComplete(PentifyException.NotPairedYet.class);
    }

    /**
     * Waits until a terminal is paired, for at most 5 minutes, and emits the token's JSON (page "terminal/login"). A
     * 404 with the code {@code not_paired_yet} means that the terminal is not paired yet. Fails with
     * {@link PentifyException.NotPairedYet} after 5 minutes. After {@link PentifyException.PairingConsumed}, start the
     * pairing over. The polling interval is not documented; this method polls every 5 s.
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

    /** Closes all connections without waiting until they are closed. */
    @Override
    public void close() {
        client.close();
    }
}
