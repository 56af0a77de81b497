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
 * What the Invicti Platform API is like, as its documentation has it (pages "s1-authenticate", "s1-handle-responses",
 * "use-invicti-api", "manage-api-key", "restrict-access-to-ip-address").
 */
public final class InvictiVendor implements Vendor {

    /**
     * The 400 of page "s1-handle-responses": {@code error}, {@code message}, {@code details}; there too {@code requestId} (500),
     * {@code retryAfter} (429, 503) and {@code success}. {@code code} and {@code reason} are inferred from the API's lineage.
     */
    private static final ErrorShape SHAPE = ErrorShape.messageAt("/message", "/reason")
            .withCode("/error", "/code")
            .withRequestId("/requestId")
            .withDetails("/details")
            .withRetryAfter("/retryAfter")
            .withFields(FieldShape.at("/details", "field", "code", "message"))
            .withFailureSigns(FailureSign.isFalse("success"));

    /** An operation result that says no. Whether anything was done before it did is not documented. */
    private static final ErrorRule OPERATION_FAILED =
            permanent(ErrorKind.VALIDATION).withCertainty(Certainty.MAYBE_PROCESSED);

    /** Only one code is published; for the rest the statuses of page "s1-handle-responses" decide. */
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
     * No algorithm is published, only that a 429 and a 503 say how long to wait (page "s1-handle-responses"). So the choice
     * is this client's: reads follow what a gateway or a moment's trouble may cause; a 500 leaves open what was done; a
     * POST, which may start a scan that costs licence and load, only what the server refused until a time it told.
     */
    private static final RetryPolicy RETRY = RetryPolicy.standard()
            .withRestrictions(
                    onlyOn(Set.of(Method.GET), 429, 500, 502, 503, 504),
                    onlyOn(Set.of(Method.PUT, Method.DELETE), 429, 502, 503, 504),
                    onlyOn(Set.of(Method.POST), 429, 503),
                    onlyWithHint(Set.of(Method.POST), 429, 503));

    // No word before the key, and no part of it to show: its form differs from page to page.
    private static final CredentialScheme CREDENTIAL = CredentialScheme.header("X-Auth");

    /** Inferred from the API's lineage, like the place of the state and that of the scan itself. */
    static final StateWords SCAN_STATES =
            StateWords.succeeding("completed").failing("failed").cancelling("aborted");

    /** How often to ask is not documented: every 30 s, not before the estimated end, and not for ever. */
    static final LongOperation SCAN = new LongOperation(
            "scan",
            "api/v1/scans/{scan}",
            JobShape.at("/current_session/status", SCAN_STATES),
            PollPolicy.every(Duration.ofSeconds(30)),
            Duration.ofHours(6));

    static final VendorSpec SPEC = VendorSpec.of(
                    "invicti", "Invicti Platform", "https://platform.invicti.com", CREDENTIAL)
            .withErrors(new ErrorModel(SHAPE, ERRORS, InvictiException::of))
            // The 100 of page "s1-handle-responses" is a sample; its window and what it counts by are not documented.
            .withQuota(QuotaModel.reported(HeaderFamily.xRateLimit()))
            .withRetry(RETRY)
            .withOperations(SCAN)
            // Each list in the form of its page; a list of another form is an error, and never a shortened list.
            .withLists(
                    ListShape.PAGE_INFO.at("audit/list", "applications"),
                    ListShape.CURSOR.at("inventory/api-targets"),
                    ListShape.WHOLE.at("importers", "connections", "instances"),
                    ListShape.CURSOR_LIST.at("scans"),
                    ListShape.NUMBERED.at());

    /** For the service loader. */
    public InvictiVendor() {}

    @Override
    public VendorSpec spec() {
        return SPEC;
    }
}
