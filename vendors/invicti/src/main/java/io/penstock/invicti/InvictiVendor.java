package io.penstock.invicti;

import static io.penstock.envelope.ErrorRule.permanent;
import static io.penstock.envelope.ErrorRule.transientError;
import static io.penstock.retry.RetryRestriction.onlyOn;
import static io.penstock.retry.RetryRestriction.onlyWithHint;

import io.penstock.auth.CredentialScheme;
import io.penstock.body.FailureSign;
import io.penstock.envelope.ErrorCase;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.envelope.FieldShape;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.polling.JobShape;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.StateWords;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.LongOperation;
import io.penstock.spec.Vendor;
import io.penstock.spec.VendorSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The spec of the Invicti Platform API, according to its documentation (pages "s1-authenticate", "s1-handle-responses",
 * "use-invicti-api", "manage-api-key", "restrict-access-to-ip-address").
 */
public final class InvictiVendor implements Vendor {

    /**
     * The 400 of page "s1-handle-responses" has {@code error}, {@code message} and {@code details}. The same page has
     * {@code requestId} (500), {@code retryAfter} (429, 503) and {@code success}. {@code code} and {@code reason} are
     * inferred from the API's lineage.
     */
    private static final ErrorShape SHAPE = ErrorShape.messageAt("/message", "/reason")
            .withCode("/error", "/code")
            .withRequestId("/requestId")
            .withDetails("/details")
            .withRetryAfter("/retryAfter")
            .withFields(FieldShape.at("/details", "field", "code", "message"))
            .withFailureSigns(FailureSign.isFalse("success"));

    /** An operation result that reports a failure. Whether the server did anything before is not documented. */
    private static final ErrorRule OPERATION_FAILED =
            permanent(ErrorKind.VALIDATION).withCertainty(Certainty.MAYBE_PROCESSED);

    /** Only one code is published. For the rest, the statuses of page "s1-handle-responses" decide. */
    private static final ErrorTable ERRORS = new ErrorTable(
            Map.of(InvictiErrorCodes.VALIDATION_ERROR, permanent(ErrorKind.VALIDATION)),
            List.of(
                    ErrorCase.ofStatusClass(2, OPERATION_FAILED),
                    ErrorCase.ofStatus(
                            401,
                            permanent(ErrorKind.AUTHENTICATION)
                                    .withRemedy("use a key of the Invicti Platform (User settings > API key) that was"
                                            + " neither regenerated nor deleted; keys of Invicti's other products do"
                                            + " not fit")),
                    ErrorCase.ofStatus(
                            403,
                            permanent(ErrorKind.PERMISSION)
                                    .withRemedy("check the role of the key's user, and whether the organization's IP"
                                            + " allow-list has this client's IPv4 address; a change of the list takes"
                                            + " up to 15 minutes")),
                    ErrorCase.ofStatus(
                            500,
                            transientError(ErrorKind.SERVER_ERROR)
                                    .withRemedy("if it goes on, contact Invicti's support with the request id"))));

    /**
     * No algorithm is published; page "s1-handle-responses" only says that a 429 and a 503 state how long to wait. The
     * rest is this client's choice. Reads are retried after failures of a gateway and other transient failures. A 500
     * leaves open whether the server acted. A POST, which may start a scan that costs licence and load, is retried only
     * after a refusal that states a wait.
     */
    private static final RetryPolicy RETRY = RetryPolicy.standard()
            .withRestrictions(
                    onlyOn(Set.of(Method.GET), 429, 500, 502, 503, 504),
                    onlyOn(Set.of(Method.PUT, Method.DELETE), 429, 502, 503, 504),
                    onlyOn(Set.of(Method.POST), 429, 503),
                    onlyWithHint(Set.of(Method.POST), 429, 503));

    // The key has no scheme before it and no visible prefix: its form differs from page to page.
    private static final CredentialScheme CREDENTIAL = CredentialScheme.header("X-Auth");

    /** Inferred from the API's lineage, like the place of the state and the address of the scan. */
    static final StateWords SCAN_STATES =
            StateWords.succeeding("completed").failing("failed").cancelling("aborted");

    /** The polling interval is not documented: every 30 s, not before the estimated end, for a limited time. */
    static final LongOperation SCAN = new LongOperation(
            "scan",
            "api/v1/scans/{scan}",
            JobShape.at("/current_session/status", SCAN_STATES),
            PollPolicy.every(Duration.ofSeconds(30)),
            Duration.ofHours(6));

    static final VendorSpec SPEC = VendorSpec.of(
                    "invicti", "Invicti Platform", "https://platform.invicti.com", CREDENTIAL)
            .withErrors(new ErrorModel(SHAPE, ERRORS, InvictiException::of))
            // The 100 of page "s1-handle-responses" is a sample; its window and its partition key are not documented.
            .withQuota(QuotaModel.reported(HeaderFamily.xRateLimit()))
            .withRetry(RETRY)
            .withOperations(SCAN)
            // Each list has the form on its page. A list of another form is an error, never a shortened list.
            .withLists(
                    ListShape.PAGE_INFO.at("**/audit/list", "**/applications"),
                    ListShape.CURSOR.at("**/inventory/api-targets"),
                    ListShape.WHOLE.at("**/importers", "**/connections", "**/instances"),
                    ListShape.CURSOR_LIST.at("**/scans"),
                    ListShape.NUMBERED.at());

    /** Creates the vendor for the service loader. */
    public InvictiVendor() {}

    @Override
    public VendorSpec spec() {
        return SPEC;
    }
}
