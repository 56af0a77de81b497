package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FaultPlan;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.RequestLog;
import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorServer;
import java.net.URI;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * A running Pentify API with one workspace, and the object store its PDF reports are redirected to. The documented
 * limits are on: give a test that sends more than 60 requests a minute other {@link PentifyRules}. Webhooks are delivered
 * when a test asks for it. All methods may be called from any thread.
 *
 * <pre>{@code
 * try (PentifySimulator pentify = PentifySimulator.start()) {
 *     pentify.faults().on("POST", "/v1/scans", Fault.resetAfterEffect());
 *     // … send a POST with an idempotency_key to pentify.baseUri(), and again …
 *     assertThat(pentify.effects().count("POST /v1/scans")).isEqualTo(1);
 * }
 * }</pre>
 */
public final class PentifySimulator implements Simulator {

    static final String VENDOR = "pentify";

    private static final String TEST_KEY = "pk_test_";

    private final EffectLedger effects = new EffectLedger();
    private final ObjectStore store = new ObjectStore();
    private final Workspace workspace;
    private final SimulatorServer server;
    private final String secret;

    private PentifySimulator(PentifyRules rules, int port) {
        workspace = new Workspace(rules, effects);
        secret = issueKey();
        try {
            server = SimulatorServer.start(port, new PentifyApi(rules, workspace, store));
        } catch (RuntimeException e) {
            store.server().close();
            throw e;
        }
    }

    /** With the documented rules, on any free port. */
    public static PentifySimulator start() {
        return start(PentifyRules.documented());
    }

    /** On any free port. */
    public static PentifySimulator start(PentifyRules rules) {
        return start(rules, 0);
    }

    /**
     * Binds and listens before it returns.
     *
     * @param port the port on loopback, 0 for any free one
     */
    public static PentifySimulator start(PentifyRules rules, int port) {
        return new PentifySimulator(rules, port);
    }

    @Override
    public String vendor() {
        return VENDOR;
    }

    @Override
    public URI baseUri() {
        return origin().resolve("/v1");
    }

    /** {@code http://127.0.0.1:<port>}, for the paths outside {@code /v1}. */
    public URI origin() {
        return server.origin();
    }

    @Override
    public String secret() {
        return secret;
    }

    @Override
    public FaultPlan faults() {
        return server.faults();
    }

    @Override
    public RequestLog requests() {
        return server.requests();
    }

    /** How many connections to the API are open: what came on one that is not has been logged. */
    public int openConnections() {
        return server.openConnections();
    }

    @Override
    public EffectLedger effects() {
        return effects;
    }

    /**
     * A new {@code pk_test_…} key of the workspace.
     *
     * @param scopes of the seven documented ones (page "authentication"); none given means all
     */
    public String issueKey(String... scopes) {
        synchronized (workspace) {
            return workspace
                    .keys
                    .issue(TEST_KEY, scopes.length == 0 ? Keys.SCOPES : List.of(scopes))
                    .secret();
        }
    }

    /**
     * Delivers an event to a webhook, signed with its secret by the simulator's clock: once, however it is answered. Emits
     * the status of the answer.
     *
     * @param webhookId a webhook that was created here
     * @param eventId the event's id: the same one again is what a second delivery carries
     * @param type such as {@code scan.completed}
     * @param data the event's data, a JSON object
     */
    public Mono<Integer> deliver(String webhookId, String eventId, String type, String data) {
        return Mono.defer(() -> {
            synchronized (workspace) {
                return workspace.webhooks.deliver(webhookId, workspace.webhooks.event(eventId, type, data));
            }
        });
    }

    /** From now on the key gets 401 {@code invalid_api_key}; an unknown key is ignored. */
    public void revoke(String key) {
        synchronized (workspace) {
            workspace.keys.revoke(key);
        }
    }

    /** Sets the tokens that can be spent; what running scans hold is apart. 10,000,000 at the start. */
    public void balance(long tokens) {
        synchronized (workspace) {
            workspace.account.balance(tokens);
        }
    }

    /** The tokens that can be spent now. */
    public long balance() {
        synchronized (workspace) {
            return workspace.account.balance();
        }
    }

    /**
     * Moves a scan on. What it holds is taken when it succeeds and returned when it fails or is cancelled.
     *
     * @param status {@code running}, {@code succeeded}, {@code failed} or {@code cancelled}
     * @throws IllegalArgumentException for an unknown scan or status
     * @throws IllegalStateException if the scan has ended
     */
    public void advanceScan(String scanId, String status) {
        synchronized (workspace) {
            workspace.scans.advance(scanId, status);
        }
    }

    /** How scans that are started from now on get on by themselves; {@link #advanceScan} moves them all the same. */
    public void scansTake(JobCourse course) {
        synchronized (workspace) {
            workspace.scans.course(course);
        }
    }

    /** From now on a scan of this host gets {@code target_not_verified}, until a target of this host is verified. */
    public void markUnverified(String host) {
        synchronized (workspace) {
            workspace.targets.markUnverified(host);
        }
    }

    /**
     * Does what the user does in the browser: the device's next poll gets the token, and the one of an earlier pairing
     * is revoked.
     *
     * @return the token, which has all scopes but {@code webhooks:write}
     */
    public String pair(String deviceId) {
        synchronized (workspace) {
            return workspace.pairing.pair(deviceId);
        }
    }

    /** {@code http://127.0.0.1:<other port>}: where the PDF variant of a report is redirected to. */
    public URI objectStoreOrigin() {
        return store.server().origin();
    }

    /** Every request the object store has seen. */
    public RequestLog objectStoreRequests() {
        return store.server().requests();
    }

    /** What is scripted to go wrong at the object store. */
    public FaultPlan objectStoreFaults() {
        return store.server().faults();
    }

    @Override
    public void close() {
        server.close();
        store.server().close();
    }
}
