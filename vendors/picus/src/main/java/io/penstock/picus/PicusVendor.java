package io.penstock.picus;

import static io.penstock.envelope.ErrorRule.afterAction;
import static io.penstock.envelope.ErrorRule.permanent;
import static io.penstock.envelope.ErrorRule.transientError;
import static io.penstock.retry.RetryRestriction.onlyOn;

import io.penstock.auth.AccessToken;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.TokenExchange;
import io.penstock.body.FailureSign;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.envelope.ErrorCase;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.envelope.FieldShape;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Method;
import io.penstock.http.Secret;
import io.penstock.paging.Paging;
import io.penstock.polling.JobShape;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.StateWords;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.ratelimit.TimeNotation;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.ListForm;
import io.penstock.spec.LongOperation;
import io.penstock.spec.Vendor;
import io.penstock.spec.VendorSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The spec of the Picus API, according to its documentation and its contract. */
public final class PicusVendor implements Vendor {

    /** Page "authentication-method". */
    private static final Duration ACCESS_TOKEN_LIFE = Duration.ofHours(2);

    /**
     * An expiry further away than this is implausible for a token that lives 2 hours: a wrong unit, or a wrong clock.
     */
    private static final Duration ABSURD_LIFE = Duration.ofDays(1);

    /**
     * Page "authentication-method". The header is {@code Authorization} in the contract; the pages also say
     * {@code Authentication}.
     */
    private static final TokenExchange EXCHANGE = new TokenExchange(
            "POST v1/auth/token",
            secret -> ApiRequest.post("v1/auth/token")
                    .body(Map.of("refresh_token", secret.reveal()))
                    .idempotent(),
            PicusVendor::token,
            Duration.ofMinutes(5));

    /**
     * Page "response-codes-errors": {@code {message, error_code, errors}}. Custom content and version 2 have
     * {@code {code, message, errors, success}} instead (contract). Deletion and cancellation report {@code success}
     * (contract).
     */
    private static final ErrorShape SHAPE = ErrorShape.messageOnly()
            .withCode("/error_code", "/code")
            .withDetails("/errors")
            .withFields(FieldShape.at("/errors", "", "", ""))
            .withFailureSigns(FailureSign.isFalse("success"));

    /** Page "response-codes-errors": the vendor's request after a 500, 503 or 504. */
    private static final String TELL_PICUS =
            "if it goes on, contact Picus support with method, path, time and answer: journey() and bodyExcerpt()";

    /** By status: the values of {@code error_code} are not published, and the text of a 401 differs by its cause. */
    private static final ErrorTable ERRORS = ErrorTable.ofCases(
            ErrorCase.ofStatus(200, permanent(ErrorKind.VALIDATION)),
            ErrorCase.ofStatusClass(2, permanent(ErrorKind.VALIDATION).withCertainty(Certainty.MAYBE_PROCESSED)),
            ErrorCase.ofStatus(
                    401,
                    ErrorRule.renewable()
                            .withRemedy("use a refresh token that exists and is neither expired nor replaced")),
            ErrorCase.ofStatus(
                    402,
                    afterAction(
                            ErrorKind.PAYMENT_REQUIRED,
                            "a licence or quantity limit of the tenant is reached: delete something, try later, or"
                                    + " contact Picus support")),
            ErrorCase.ofStatus(
                    403,
                    permanent(ErrorKind.PERMISSION)
                            .withRemedy(
                                    "use a refresh token whose scope, and a user whose role, allows this operation")),
            ErrorCase.ofStatus(
                    410,
                    permanent(ErrorKind.GONE)
                            .withRemedy("the operation is retired; for v1/mitigation/devices use v2/mitigation/devices"
                                    + " and v2/mitigation/devices/{DeviceId}")),
            ErrorCase.ofStatus(500, transientError(ErrorKind.SERVER_ERROR).withRemedy(TELL_PICUS)),
            ErrorCase.ofStatus(503, transientError(ErrorKind.UNAVAILABLE).withRemedy(TELL_PICUS)),
            ErrorCase.ofStatus(504, transientError(ErrorKind.SERVER_ERROR).withRemedy(TELL_PICUS)));

    /**
     * The only published numbers are windows of 1 minute (page "rate-limit"), the longest wait for a quota. Of the
     * statuses on page "response-codes-errors", only a 429 shows that the server did not act, so a POST is retried only
     * after a 429. A PUT or a DELETE is also retried after statuses that are transient.
     */
    private static final RetryPolicy RETRY = RetryPolicy.standard()
            .withMaxAttempts(4)
            .withMaxHint(Duration.ofMinutes(1))
            .withRestrictions(
                    onlyOn(Set.of(Method.GET), 408, 429, 500, 502, 503, 504),
                    onlyOn(Set.of(Method.PUT, Method.DELETE), 429, 503, 504),
                    onlyOn(Set.of(Method.POST), 429));

    /** The contract and page "data-structures" have different lists. That these three are final is inferred. */
    static final StateWords RUN_STATES =
            StateWords.succeeding("COMPLETED").failing("FAILED").cancelling("STOPPED");

    /** Contract. No other word is documented, so any other word means that the report is not ready yet. */
    static final StateWords REPORT_STATES = StateWords.succeeding("COMPLETED");

    /** The polling interval is not documented: 15 to 30 s. */
    private static final PollPolicy POLLS =
            PollPolicy.every(Duration.ofSeconds(15)).growing(1.5, Duration.ofSeconds(30));

    private static final JobShape RUN_SHAPE =
            JobShape.at("/status", RUN_STATES).withPercent("/completion_ratio").withReason("/fail_reason_message");

    static final LongOperation SIMULATION = new LongOperation(
            "simulation",
            "v1/simulations/{Id}",
            new LongOperation.Response(Payload.tree().orWrappedIn("Simulations", "Simulation"), RUN_SHAPE),
            POLLS,
            Duration.ofHours(4));

    static final LongOperation RUN =
            new LongOperation("run", "v1/simulations/{Id}/run/{RunId}", RUN_SHAPE, POLLS, Duration.ofHours(4));

    static final LongOperation REPORT = new LongOperation(
            "report",
            "v2/simulations/{Id}/results/reports/{ReportId}",
            JobShape.at("/status", REPORT_STATES),
            POLLS,
            Duration.ofHours(1));

    /** Page "pagination", with the parameters of the contract: the page calls the size {@code size}. */
    static final Paging PAGES = Paging.offset("offset", "limit", "/pages/total_count");

    /** Contract: custom detection content has different names. */
    static final Paging CONTENT_PAGES = Paging.offset("Offset", "Limit", "/pagination/totalCount");

    /** Contract: detection rules have the usual parameters, and the numbers of custom content. */
    static final Paging RULE_PAGES = Paging.offset("offset", "limit", "/pagination/totalCount");

    /** Contract: actions that were not blocked. */
    static final Paging ACTION_PAGES = Paging.offset("offset", "limit", "/pagination/total_count");

    /** Contract: the member that contains the list differs by operation; lists without paging have no other members. */
    private static final Payload<Page<JsonNode>> ANY_LIST = Payload.page(JsonNode.class, List.of(), List.of());

    /** Page "request": one host for all tenants. Page "versioning": the version is part of each operation's path. */
    static final VendorSpec SPEC = VendorSpec.of(
                    "picus",
                    "Picus",
                    "https://api.picussecurity.com/",
                    CredentialScheme.bearer().exchangedBy(EXCHANGE))
            .withErrors(new ErrorModel(SHAPE, ERRORS, PicusException::of))
            // Page "rate-limit": in epoch seconds, per endpoint and client address.
            .withQuota(QuotaModel.reported(HeaderFamily.xRateLimit()).countedPerOperation())
            .withRetry(RETRY)
            .withAttemptTimeout(Duration.ofMinutes(1))
            .withOperations(SIMULATION, RUN, REPORT)
            .withLists(
                    ListForm.of(ANY_LIST, CONTENT_PAGES, "**/detection-content/custom"),
                    ListForm.of(ANY_LIST, RULE_PAGES, "**/rules"),
                    ListForm.of(ANY_LIST, ACTION_PAGES, "**/generic/not-blocked-actions"),
                    ListForm.of(ANY_LIST, PAGES));

    /** Creates the vendor for the service loader. */
    public PicusVendor() {}

    @Override
    public VendorSpec spec() {
        return SPEC;
    }

    private static AccessToken token(JsonNode answer, Instant receivedAt) {
        JsonNode token = answer.path("token");
        if (!token.isString() || token.asString().isBlank()) {
            throw new ApiException(Failure.of(
                    ErrorKind.UNDECODABLE,
                    Certainty.PROCESSED,
                    Retryability.PERMANENT,
                    "token: missing in the answer of POST v1/auth/token (expected: a text)"));
        }
        JsonNode told = answer.path("expire_at");
        Secret value = Secret.of(token.asString());
        // The page has milliseconds, the contract seconds.
        Instant end = told.isValueNode() ? TimeNotation.instant(told.asString(), receivedAt) : null;
        boolean sane = end != null && end.isAfter(receivedAt) && end.isBefore(receivedAt.plus(ABSURD_LIFE));
        return new AccessToken(value, sane ? end : receivedAt.plus(ACCESS_TOKEN_LIFE));
    }
}
