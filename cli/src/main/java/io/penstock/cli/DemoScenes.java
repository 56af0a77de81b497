package io.penstock.cli;

import io.penstock.ApiClient;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.request.ApiRequest;
import io.penstock.request.IdempotencyKey;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.Simulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The demo's scenes: a fault, a call, and its expected outcome. */
final class DemoScenes {

    static final String SCANS = "/v1/scans";
    static final String KEY = "nightly/2026-11-20";

    private static final String USAGE = "/v1/usage";

    /**
     * Longer than the client's own first backoff with any jitter, so that the hint decides and the journey shows it.
     */
    private static final Duration HINT = Duration.ofSeconds(2);

    private static final Fault TOO_MANY =
            Fault.status(429, Map.of("Retry-After", Long.toString(HINT.toSeconds())), "application/json", """
            {"error":{"code":"rate_limited","message":"Rate limit exceeded for this API key."}}""");

    private final Simulator simulator;
    private final ApiClient client;
    private final ApiClient stranger;
    /** The scan that the keyed order created, for comparison with the replay. */
    private String firstScan = "–";

    DemoScenes(Simulator simulator, ApiClient client, ApiClient stranger) {
        this.simulator = simulator;
        this.client = client;
        this.stranger = stranger;
    }

    List<Scene> inOrder() {
        return List.of(
                new Scene("A call that succeeds", this::success),
                new Scene("429 with Retry-After: 2: the hint is obeyed, then success", this::rateLimited),
                new Scene("503 without a hint: backoff, then success", this::unavailable),
                new Scene(
                        "A POST with a key meets a 503, then a reset after the server acted: one effect",
                        this::keyedOrder),
                new Scene(
                        "The same POST without a key meets the reset: sent once, and said that it may have acted",
                        this::unkeyedOrder),
                new Scene("A wrong key: refused at once, not retried", this::wrongKey),
                new Scene("An invalid order: refused at once, not retried", this::invalidOrder),
                new Scene("The key of scene 4 again: the same scan, still one effect", this::replay));
    }

    static long keyedEffects(Simulator simulator) {
        return simulator.effects().all().stream()
                .filter(effect -> KEY.equals(effect.idempotencyKey()))
                .count();
    }

    static long unkeyedEffects(Simulator simulator) {
        return simulator.effects().all().stream()
                .filter(effect -> effect.idempotencyKey() == null)
                .count();
    }

    private Outcome success() {
        Attempted call = Attempted.call(client, ApiRequest.get("usage"));
        return call.expectStatus(200).expectAttempts(1).outcome("");
    }

    private Outcome rateLimited() {
        simulator.faults().on("GET", USAGE, TOO_MANY);
        Attempted call = Attempted.call(client, ApiRequest.get("usage"));
        return call.expectStatus(200)
                .expectAttempts(2)
                .expect("wait obeys the hint:", true, call.longestWait().compareTo(HINT) >= 0)
                .outcome("");
    }

    private Outcome unavailable() {
        simulator.faults().on("GET", USAGE, Fault.status(503));
        Attempted call = Attempted.call(client, ApiRequest.get("usage"));
        return call.expectStatus(200).expectAttempts(2).outcome("");
    }

    private Outcome keyedOrder() {
        simulator.faults().on("POST", SCANS, Fault.status(503), Fault.resetAfterEffect());
        Attempted call = Attempted.call(client, order().idempotencyKey(IdempotencyKey.of(KEY)));
        firstScan = call.member("id");
        return call.expectStatus(201, 200)
                .expectAttempts(3)
                .expect("effects", 1L, keyedEffects(simulator))
                .outcome(effects(keyedEffects(simulator)) + ", scan " + firstScan);
    }

    private Outcome unkeyedOrder() {
        simulator.faults().on("POST", SCANS, Fault.resetAfterEffect());
        Attempted call = Attempted.call(client, order());
        return call.expectError(ErrorKind.CONNECTION_LOST, Certainty.MAYBE_PROCESSED)
                .expectAttempts(1)
                .expect("effects", 1L, unkeyedEffects(simulator))
                .outcome(effects(unkeyedEffects(simulator)));
    }

    private Outcome wrongKey() {
        Attempted call = Attempted.call(stranger, ApiRequest.get("usage"));
        return call.expectError(ErrorKind.AUTHENTICATION, Certainty.REJECTED)
                .expectAttempts(1)
                .outcome("");
    }

    private Outcome invalidOrder() {
        long before = simulator.effects().count();
        Attempted call = Attempted.call(client, ApiRequest.post("scans").body(Map.of("scan_type", "quick")));
        return call.expectError(ErrorKind.VALIDATION, Certainty.REJECTED)
                .expectAttempts(1)
                .expect("effects", before, simulator.effects().count())
                .outcome("");
    }

    private Outcome replay() {
        Attempted call = Attempted.call(client, order().idempotencyKey(IdempotencyKey.of(KEY)));
        return call.expectStatus(200, 201)
                .expectAttempts(1)
                .expect("scan", firstScan, call.member("id"))
                .expect("effects", 1L, keyedEffects(simulator))
                .outcome(effects(keyedEffects(simulator)) + ", scan " + call.member("id"));
    }

    private static ApiRequest<JsonNode> order() {
        return ApiRequest.post("scans").body(Map.of("target", "app.example.com", "scan_type", "quick"));
    }

    private static String effects(long count) {
        return count + (count == 1 ? " effect" : " effects");
    }
}
