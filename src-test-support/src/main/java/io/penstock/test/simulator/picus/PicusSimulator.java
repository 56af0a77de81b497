package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.FaultPlan;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.RequestLog;
import io.penstock.test.simulator.Simulator;
import io.penstock.test.simulator.SimulatorServer;
import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * A running Picus API with one tenant, and the foreign host its reports are downloaded from. The documented limits are
 * on: give a test that sends more requests a minute other {@link PicusRules}. All methods may be called from any thread.
 *
 * <pre>{@code
 * try (PicusSimulator picus = PicusSimulator.start()) {
 *     picus.faults().on("POST", "/v1/simulations", Fault.resetAfterEffect());
 *     // … exchange picus.secret() at POST /v1/auth/token, create a simulation …
 *     assertThat(picus.effects().count("POST /v1/simulations")).isEqualTo(1);
 * }
 * }</pre>
 */
public final class PicusSimulator implements Simulator {

    static final String VENDOR = "picus";

    private final EffectLedger effects = new EffectLedger();
    private final FileStore files = new FileStore();
    private final Tenant tenant;
    private final SimulatorServer server;
    private final String secret;

    private PicusSimulator(PicusRules rules, int port) {
        try {
            tenant = new Tenant(rules, effects, files);
            secret = issueRefreshToken();
            server = SimulatorServer.start(port, new PicusApi(rules, tenant));
        } catch (RuntimeException e) {
            files.server().close();
            throw e;
        }
    }

    /** With the documented rules, on any free port. */
    public static PicusSimulator start() {
        return start(PicusRules.documented());
    }

    /** On any free port. */
    public static PicusSimulator start(PicusRules rules) {
        return start(rules, 0);
    }

    /**
     * Binds and listens before it returns.
     *
     * @param port the port on loopback, 0 for any free one
     */
    public static PicusSimulator start(PicusRules rules, int port) {
        return new PicusSimulator(rules, port);
    }

    @Override
    public String vendor() {
        return VENDOR;
    }

    /** The same as {@link #origin()}: the version is part of each operation's path. */
    @Override
    public URI baseUri() {
        return origin();
    }

    /** {@code http://127.0.0.1:<port>}. */
    public URI origin() {
        return server.origin();
    }

    /** A refresh token, to be exchanged at {@code POST /v1/auth/token}. */
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

    /** Exchanging a refresh token is none; replacing it at {@code POST /v1/auth/refresh} is one. */
    @Override
    public EffectLedger effects() {
        return effects;
    }

    /**
     * A new refresh token.
     *
     * @param operations what its access tokens may call, as the contract writes it, such as {@code GET
     *     /v1/agents/{Id}}; none given means all. The names of the vendor's scopes are not published
     * @throws IllegalArgumentException for an operation that the contract does not have
     */
    public String issueRefreshToken(String... operations) {
        for (String operation : operations) {
            if (!operations().contains(operation)) {
                throw new IllegalArgumentException(
                        "operation: " + operation + " (expected one of the contract's, such as GET /v1/agents/{Id})");
            }
        }
        synchronized (tenant) {
            return tenant.tokens.issue(Set.of(operations));
        }
    }

    /** What {@link #issueRefreshToken(String...)} takes: every operation of the contract, in no particular order. */
    public List<String> operations() {
        return tenant.routes.stream().map(Route::operation).toList();
    }

    /**
     * An access token as the exchange would make it, without a request.
     *
     * @throws RuntimeException if the refresh token is unknown, revoked or expired
     */
    public String issueAccessToken(String refreshToken) {
        synchronized (tenant) {
            return tenant.tokens.access(refreshToken);
        }
    }

    /** From now on a refresh token with its access tokens, or one access token, gets 401; unknown ones are ignored. */
    public void revoke(String token) {
        synchronized (tenant) {
            tenant.tokens.revoke(token);
        }
    }

    /** From now on every access token that was exchanged so far gets 401; the refresh tokens stay valid. */
    public void revokeAccessTokens() {
        synchronized (tenant) {
            tenant.tokens.revokeAccessTokens();
        }
    }

    /** How often a refresh token was replaced, which kills the tokens of everybody who shares it. */
    public long refreshes() {
        return effects.count("POST /v1/auth/refresh");
    }

    /**
     * Moves a simulation's latest run on.
     *
     * @param status {@code RUNNING}, {@code COMPLETED}, {@code STOPPED}, {@code FAILED}, or any other text, as the
     *     documentation's lists differ
     * @throws IllegalArgumentException for a simulation that is unknown or was not started, and for a blank status
     * @throws IllegalStateException if the run has ended
     */
    public void advanceSimulation(long simulationId, String status) {
        synchronized (tenant) {
            tenant.simulations.latestRun(simulationId).job.status(status);
        }
    }

    /**
     * Ends a simulation's latest run as {@code FAILED}.
     *
     * @param message the {@code fail_reason_message}
     * @throws IllegalArgumentException for a simulation that is unknown or was not started
     * @throws IllegalStateException if the run has ended
     */
    public void failSimulation(long simulationId, String message) {
        synchronized (tenant) {
            Run run = tenant.simulations.latestRun(simulationId);
            run.job.status("FAILED");
            run.failReason(message);
        }
    }

    /**
     * Moves a report on.
     *
     * @param status {@code COMPLETED}, or any other text
     * @throws IllegalArgumentException for an unknown report and for a blank status
     * @throws IllegalStateException if the report has ended
     */
    public void advanceReport(long reportId, String status) {
        synchronized (tenant) {
            tenant.reports.job(reportId).status(status);
        }
    }

    /** How runs that are started from now on get on by themselves; the test's hand moves them all the same. */
    public void runsTake(JobCourse course) {
        synchronized (tenant) {
            tenant.simulations.course(course);
        }
    }

    /** How reports that are ordered from now on get on by themselves; the test's hand moves them all the same. */
    public void reportsTake(JobCourse course) {
        synchronized (tenant) {
            tenant.reports.course(course);
        }
    }

    /** {@code http://127.0.0.1:<other port>}: where a report's {@code downloadUrl} leads. */
    public URI fileStoreOrigin() {
        return files.server().origin();
    }

    /** Every request for a file on the foreign host. */
    public RequestLog fileStoreRequests() {
        return files.server().requests();
    }

    @Override
    public void close() {
        server.close();
        files.server().close();
    }
}
