package io.penstock.picus;

import io.penstock.ApiClient;
import io.penstock.ApiClientBuilder;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Secret;
import io.penstock.paging.Pages;
import io.penstock.picus.model.ExposureScore;
import io.penstock.picus.model.HostExposure;
import io.penstock.picus.model.RefreshToken;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * The Picus contract, typed: every operation, by area. For requests beyond it use {@link #client()}; the path includes
 * the version: {@code v1/threat-library/tags}.
 *
 * <p>Every method returns a cold {@code Mono}, a list or a poll. Each subscription is a separate call, as described in
 * {@link ApiClient#execute}. Failures that Picus reports are emitted as a {@link PicusException}. The rights of an
 * access token depend on the scope of its refresh token and on the user's role (page "authentication-method"). The
 * names of the scopes are not published, so none are listed here: an operation without the right fails with
 * {@link ErrorKind#PERMISSION}.
 *
 * <p>GETs and queries in the form of a POST are retried where that can help; so are PUTs and DELETEs, but not after a
 * 408, 500 or 502. Any other POST is retried only after a 429, or if no byte of it was written, because Picus has no
 * idempotency keys (contract). Lists are read page by page from the requested offset, as described in {@link Pages}.
 */
public final class Picus implements AutoCloseable {

    private static final Payload<RefreshToken> REFRESH_TOKEN =
            Payload.json(RefreshToken.class).orEmpty();

    private final Calls calls;

    private Picus(ApiClient client) {
        this.calls = new Calls(client);
    }

    /** Creates a client with a refresh token (Settings > Rest API Token) and the documented settings. */
    public static Picus connect(Secret refreshToken) {
        return over(configure().secret(refreshToken).build());
    }

    /** Returns a builder for a client of Picus whose secret is a refresh token. Pass the client to {@link #over}. */
    public static ApiClientBuilder configure() {
        return ApiClient.builder(PicusVendor.SPEC);
    }

    /** Creates the typed operations over a client and takes ownership of the client. */
    public static Picus over(ApiClient client) {
        return new Picus(client);
    }

    /** Returns the generic client. */
    public ApiClient client() {
        return calls.client();
    }

    /** Returns the operations on agents and integrations. */
    public PicusAgents agents() {
        return new PicusAgents(calls);
    }

    /** Returns the operations on simulations. */
    public PicusSimulations simulations() {
        return new PicusSimulations(calls);
    }

    /** Returns the findings of the latest run of a simulation. */
    public PicusRun latestRun(long simulationId) {
        return new PicusRun(calls, simulationId, null);
    }

    /** Returns the findings of one run of a simulation. */
    public NumberedRun run(long simulationId, long runId) {
        return new NumberedRun(calls, simulationId, runId);
    }

    /** Returns the operations on reports of simulations. */
    public PicusReports reports() {
        return new PicusReports(calls);
    }

    /** Returns the operations on templates for simulations. */
    public PicusTemplates templates() {
        return new PicusTemplates(calls);
    }

    /** Returns the operations on threats, actions, processes and files. */
    public PicusThreatLibrary threatLibrary() {
        return new PicusThreatLibrary(calls);
    }

    /** Returns the operations on detection rules. */
    public PicusDetectionContent detectionContent() {
        return new PicusDetectionContent(calls);
    }

    /** Returns the operations on devices and on actions that were not blocked. */
    public PicusMitigation mitigation() {
        return new PicusMitigation(calls);
    }

    /** Returns the operations on users, roles and the activity log. */
    public PicusUsers users() {
        return new PicusUsers(calls);
    }

    /** Returns the scores of exposures on hosts, as one page. A read in the form of a POST, retried like a read (inferred). */
    public Pages<ExposureScore> exposureScores(List<HostExposure> pairs) {
        return calls.whole(
                ApiRequest.post("v1/exposures/instances/scores")
                        .body(Map.of("filters", Map.of("host_exposure_pairs", pairs)))
                        .idempotent(),
                ExposureScore.class,
                "instance_scores");
    }

    /**
     * Replaces a refresh token. This revokes the current one <em>and all its access tokens, in every process that
     * shares it</em>; this library never does so by itself. This client continues to use the current token, so create
     * another client with the new one. The request is retried only if the server certainly did not act: if the response
     * is lost, so is the new token. An expired refresh token cannot be replaced (page "authentication-method"). The
     * result is read from the body, or else from the headers that the contract names.
     */
    public Mono<RefreshToken> replaceRefreshToken(Secret current) {
        return calls.client()
                .execute(ApiRequest.post("v1/auth/refresh")
                        .body(Map.of("refresh_token", current.reveal()))
                        .anonymous()
                        .as(REFRESH_TOKEN))
                .map(Picus::replaced);
    }

    private static RefreshToken replaced(ApiResponse<RefreshToken> answer) {
        RefreshToken body = answer.value();
        RefreshToken replaced = body != null && body.token() != null ? body : RefreshToken.ofHeaders(answer.headers());
        if (replaced.token() == null) {
            throw new ApiException(Failure.of(
                            ErrorKind.UNDECODABLE,
                            Certainty.PROCESSED,
                            Retryability.PERMANENT,
                            "token: neither in the body nor in the headers of POST v1/auth/refresh (expected: the new"
                                    + " refresh token; the former one is dead: create another in the console)")
                    .withStatus(answer.status()));
        }
        return replaced;
    }

    /** Closes all connections without waiting until they are closed. */
    @Override
    public void close() {
        calls.client().close();
    }
}
