package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FaultPlan;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.RequestLog;
import io.penstock.test.simulator.parts.FileHost;
import io.penstock.test.simulator.parts.VendorSimulator;
import java.net.URI;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * A running Pentify API with one workspace, and the object store to which it redirects for PDF reports. The documented
 * limits apply: a test that sends more than 60 requests a minute needs other {@link PentifyRules}. Webhooks are
 * delivered only when a test calls {@link #deliver}. All methods may be called from any thread.
 *
 * <pre>{@code
 * try (PentifySimulator pentify = PentifySimulator.start()) {
 *     pentify.faults().on("POST", "/v1/scans", Fault.resetAfterEffect());
 *     // … send a POST with an idempotency_key to pentify.baseUri(), and again …
 *     assertThat(pentify.effects().count("POST /v1/scans")).isEqualTo(1);
 * }
 * }</pre>
 */
public final class PentifySimulator extends VendorSimulator {

    static final String VENDOR = "pentify";

    private static final String TEST_KEY = "pk_test_";

    private final Workspace workspace;
    private final FileHost store;
    private final String secret;

    private PentifySimulator(PentifyRules rules, Workspace workspace, FileHost store, int port) {
        super(VENDOR, workspace, port, new PentifyApi(rules, workspace, store), store.server());
        this.workspace = workspace;
        this.store = store;
        secret = issueKey();
    }

    /** Starts a simulator with the documented rules on any free port. */
    public static PentifySimulator start() {
        return start(PentifyRules.documented());
    }

    /** Starts a simulator on any free port. */
    public static PentifySimulator start(PentifyRules rules) {
        return start(rules, 0);
    }

    /**
     * Starts a simulator. It listens when this method returns.
     *
     * @param port the port on loopback, 0 for any free one
     */
    public static PentifySimulator start(PentifyRules rules, int port) {
        return new PentifySimulator(rules, new Workspace(rules, new EffectLedger()), new FileHost(), port);
    }

    @Override
    public URI baseUri() {
        return origin().resolve("/v1");
    }

    @Override
    public String secret() {
        return secret;
    }

    /**
     * Issues a {@code pk_test_…} key of the workspace.
     *
     * @param scopes some of the seven documented ones (page "authentication"); none for all
     */
    public String issueKey(String... scopes) {
        return locked(() -> workspace
                .keys
                .issue(TEST_KEY, scopes.length == 0 ? Keys.SCOPES : List.of(scopes))
                .secret());
    }

    /**
     * Delivers an event to a webhook once, whatever the response, and emits the status of the response. The delivery is
     * signed with the webhook's secret and the time of the simulator's clock.
     *
     * @param webhookId a webhook that was created here
     * @param eventId the event's id; a repeated delivery carries the same id
     * @param type such as {@code scan.completed}
     * @param data the event's data, a JSON object
     */
    public Mono<Integer> deliver(String webhookId, String eventId, String type, String data) {
        return Mono.defer(() ->
                locked(() -> workspace.webhooks.deliver(webhookId, workspace.webhooks.event(eventId, type, data))));
    }

    /** Revokes a key, which then gets 401 {@code invalid_api_key}. An unknown key is ignored. */
    public void revoke(String key) {
        locked(() -> workspace.keys.revoke(key));
    }

    /** Sets the spendable tokens, apart from those that running scans hold. The initial balance is 10,000,000. */
    public void balance(long tokens) {
        locked(() -> workspace.account.balance(tokens));
    }

    /** Returns the spendable tokens. */
    public long balance() {
        return locked(() -> workspace.account.balance());
    }

    /**
     * Moves a scan to a status. The tokens that it holds are taken when it succeeds and returned when it fails or is
     * cancelled.
     *
     * @param status {@code running}, {@code succeeded}, {@code failed} or {@code cancelled}
     * @throws IllegalArgumentException for an unknown scan or status
     * @throws IllegalStateException if the scan has ended
     */
    public void advanceScan(String scanId, String status) {
        locked(() -> workspace.scans.advance(scanId, status));
    }

    /** Sets the course of scans that start from now on. {@link #advanceScan} still moves them. */
    public void scansTake(JobCourse course) {
        locked(() -> workspace.scans.course(course));
    }

    /** Refuses scans of this host with {@code target_not_verified} until a target of this host is verified. */
    public void markUnverified(String host) {
        locked(() -> workspace.targets.markUnverified(host));
    }

    /**
     * Pairs a device, as the user does in the browser. The device's next poll gets the token. The token of an earlier
     * pairing is revoked.
     *
     * @return the token, which has all scopes but {@code webhooks:write}
     */
    public String pair(String deviceId) {
        return locked(() -> workspace.pairing.pair(deviceId));
    }

    /** Returns {@code http://127.0.0.1:<other port>}, to which the PDF variant of a report redirects. */
    public URI objectStoreOrigin() {
        return store.server().origin();
    }

    /** Returns the log of the requests to the object store. */
    public RequestLog objectStoreRequests() {
        return store.server().requests();
    }

    /** Returns the faults scripted for the object store. */
    public FaultPlan objectStoreFaults() {
        return store.server().faults();
    }
}
