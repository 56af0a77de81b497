package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.EffectLedger;
import io.penstock.test.simulator.JobCourse;
import io.penstock.test.simulator.RequestLog;
import io.penstock.test.simulator.parts.FileHost;
import io.penstock.test.simulator.parts.VendorSimulator;
import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * A running Picus API with one tenant, and the foreign host of its report downloads. The documented limits apply: a
 * test that sends more requests a minute needs other {@link PicusRules}. Replacing a refresh token is an effect;
 * exchanging one is not. All methods may be called from any thread.
 *
 * <pre>{@code
 * try (PicusSimulator picus = PicusSimulator.start()) {
 *     picus.faults().on("POST", "/v1/simulations", Fault.resetAfterEffect());
 *     // … exchange picus.secret() at POST /v1/auth/token, create a simulation …
 *     assertThat(picus.effects().count("POST /v1/simulations")).isEqualTo(1);
 * }
 * }</pre>
 */
public final class PicusSimulator extends VendorSimulator {

    static final String VENDOR = "picus";

    private final Tenant tenant;
    private final FileHost files;
    private final String secret;

    private PicusSimulator(PicusRules rules, Tenant tenant, FileHost files, int port) {
        super(VENDOR, tenant, port, new PicusApi(tenant, new Errors(rules)), files.server());
        this.tenant = tenant;
        this.files = files;
        secret = issueRefreshToken();
    }

    /** Starts a simulator with the documented rules on any free port. */
    public static PicusSimulator start() {
        return start(PicusRules.documented());
    }

    /** Starts a simulator on any free port. */
    public static PicusSimulator start(PicusRules rules) {
        return start(rules, 0);
    }

    /**
     * Starts a simulator. It listens when this method returns.
     *
     * @param port the port on loopback, 0 for any free one
     */
    public static PicusSimulator start(PicusRules rules, int port) {
        FileHost files = new FileHost();
        return new PicusSimulator(rules, new Tenant(rules, new EffectLedger(), files), files, port);
    }

    /** Returns a refresh token, to be exchanged at {@code POST /v1/auth/token}. */
    @Override
    public String secret() {
        return secret;
    }

    /**
     * Issues a refresh token.
     *
     * @param operations operations that its access tokens may call, in the contract's notation, such as
     *     {@code GET /v1/agents/{Id}}; none for all. The names of the vendor's scopes are not published
     * @throws IllegalArgumentException for an operation that the contract does not have
     */
    public String issueRefreshToken(String... operations) {
        for (String operation : operations) {
            if (!operations().contains(operation)) {
                throw new IllegalArgumentException(
                        "operation: " + operation + " (expected one of the contract's, such as GET /v1/agents/{Id})");
            }
        }
        return locked(() -> tenant.tokens.issue(Set.of(operations)));
    }

    /**
     * Returns every operation of the contract, in no particular order, in the notation of
     * {@link #issueRefreshToken(String...)}.
     */
    public List<String> operations() {
        return tenant.routes.stream().map(Route::operation).toList();
    }

    /**
     * Issues an access token as the exchange does, without a request.
     *
     * @throws RuntimeException if the refresh token is unknown, revoked or expired
     */
    public String issueAccessToken(String refreshToken) {
        return locked(() -> tenant.tokens.access(refreshToken));
    }

    /**
     * Revokes a refresh token with its access tokens, or one access token. Revoked tokens get 401. An unknown token is
     * ignored.
     */
    public void revoke(String token) {
        locked(() -> tenant.tokens.revoke(token));
    }

    /** Revokes every access token issued so far, which then get 401. The refresh tokens stay valid. */
    public void revokeAccessTokens() {
        locked(() -> tenant.tokens.revokeAccessTokens());
    }

    /**
     * Returns the number of refresh token replacements. Each one invalidates the tokens of all clients that share the
     * token.
     */
    public long refreshes() {
        return effects().count("POST /v1/auth/refresh");
    }

    /**
     * Moves a simulation's latest run to a status.
     *
     * @param status {@code RUNNING}, {@code COMPLETED}, {@code STOPPED}, {@code FAILED}, or any other text, because the
     *     documentation's lists differ
     * @throws IllegalArgumentException for a simulation that is unknown or was not started, and for a blank status
     * @throws IllegalStateException if the run has ended
     */
    public void advanceSimulation(long simulationId, String status) {
        locked(() -> tenant.simulations.latestRun(simulationId).job.status(status));
    }

    /**
     * Ends a simulation's latest run as {@code FAILED}.
     *
     * @param message the {@code fail_reason_message}
     * @throws IllegalArgumentException for a simulation that is unknown or was not started
     * @throws IllegalStateException if the run has ended
     */
    public void failSimulation(long simulationId, String message) {
        locked(() -> {
            Run run = tenant.simulations.latestRun(simulationId);
            run.job.status("FAILED");
            run.failReason = message;
        });
    }

    /**
     * Moves a report to a status.
     *
     * @param status {@code COMPLETED}, or any other text
     * @throws IllegalArgumentException for an unknown report and for a blank status
     * @throws IllegalStateException if the report has ended
     */
    public void advanceReport(long reportId, String status) {
        locked(() -> tenant.reports.job(reportId).status(status));
    }

    /** Sets the course of runs that start from now on. {@link #advanceSimulation} still moves them. */
    public void runsTake(JobCourse course) {
        locked(() -> tenant.simulations.course(course));
    }

    /** Sets the course of reports that are created from now on. {@link #advanceReport} still moves them. */
    public void reportsTake(JobCourse course) {
        locked(() -> tenant.reports.course(course));
    }

    /** Returns {@code http://127.0.0.1:<other port>}, the host in a report's {@code downloadUrl}. */
    public URI fileStoreOrigin() {
        return files.server().origin();
    }

    /** Returns the log of the requests to the foreign host. */
    public RequestLog fileStoreRequests() {
        return files.server().requests();
    }
}
