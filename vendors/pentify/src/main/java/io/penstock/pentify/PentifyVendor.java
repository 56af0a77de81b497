package io.penstock.pentify;

import static io.penstock.envelope.ErrorRule.afterAction;
import static io.penstock.envelope.ErrorRule.permanent;
import static io.penstock.envelope.ErrorRule.transientError;
import static io.penstock.retry.RetryRestriction.onlyOn;
import static java.util.Map.entry;

import io.penstock.auth.CredentialScheme;
import io.penstock.body.Payload;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.ErrorKind;
import io.penstock.http.Method;
import io.penstock.paging.Paging;
import io.penstock.polling.JobShape;
import io.penstock.polling.PollPolicy;
import io.penstock.polling.StateWords;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.KeyPlacement;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.ListForm;
import io.penstock.spec.LongOperation;
import io.penstock.spec.Vendor;
import io.penstock.spec.VendorSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The spec of the Pentify API, according to its documentation (pages: errors, rate-limits, authentication, guides). */
public final class PentifyVendor implements Vendor {

    /** Page "authentication": the server itself stores and shows the first 12 characters of a key. */
    private static final int VISIBLE_KEY_CHARACTERS = 12;

    /**
     * Page "errors"; {@code internal_error} and the pairing codes are from pages "terminal/commands" and
     * "terminal/troubleshooting".
     */
    private static final Map<String, ErrorRule> ERRORS = Map.ofEntries(
            entry(PentifyErrorCodes.VALIDATION_ERROR, permanent(ErrorKind.VALIDATION)),
            entry(PentifyErrorCodes.UNPROCESSABLE, permanent(ErrorKind.VALIDATION)),
            entry(
                    PentifyErrorCodes.INVALID_API_KEY,
                    permanent(ErrorKind.AUTHENTICATION).withRemedy("use a key that exists and is not revoked")),
            entry(
                    PentifyErrorCodes.INSUFFICIENT_SCOPE,
                    permanent(ErrorKind.PERMISSION).withRemedy("use a key with the scope this operation needs")),
            entry(
                    PentifyErrorCodes.INSUFFICIENT_TOKENS,
                    afterAction(ErrorKind.PAYMENT_REQUIRED, "top up the workspace's tokens")),
            entry(
                    PentifyErrorCodes.TARGET_NOT_VERIFIED,
                    afterAction(
                            ErrorKind.PERMISSION,
                            "prove that the target is yours, by DNS TXT or /.well-known/pentify-verify.txt")),
            entry(
                    PentifyErrorCodes.NOT_FOUND,
                    permanent(ErrorKind.NOT_FOUND)
                            .withRemedy(
                                    "check the id, and that this key may see it: what it may not see is not found")),
            entry(
                    PentifyErrorCodes.NOT_PAIRED_YET,
                    permanent(ErrorKind.NOT_FOUND).withRemedy("ask again in a moment")),
            entry(PentifyErrorCodes.CONFLICT, permanent(ErrorKind.CONFLICT)),
            entry(PentifyErrorCodes.PAIRING_CONSUMED, permanent(ErrorKind.GONE).withRemedy("start the pairing over")),
            entry(
                    PentifyErrorCodes.RATE_LIMITED,
                    transientError(ErrorKind.RATE_LIMITED)
                            .withRemedy("wait as long as retryAfter() tells; look at a scan at most every 30 s")),
            entry(PentifyErrorCodes.SERVER_ERROR, transientError(ErrorKind.SERVER_ERROR)),
            entry(
                    PentifyErrorCodes.INTERNAL_ERROR,
                    transientError(ErrorKind.SERVER_ERROR).withMaxAttempts(2)),
            entry(PentifyErrorCodes.ENGINE_UNAVAILABLE, transientError(ErrorKind.UNAVAILABLE)));

    /** Page "rate-limits". The public resources are counted by address. */
    private static final QuotaModel QUOTA = QuotaModel.declared(
            DeclaredLimit.perCredential("key", 60, Duration.ofMinutes(1)),
            DeclaredLimit.perAddress(
                    "public", 30, Duration.ofMinutes(1), "/openapi.json", "/token-packs", "/healthz", "/v1/healthz"));

    /**
     * Page "errors": 1 s, doubling, ±25 %, at most 30 s, 5 attempts, GETs and DELETEs always; page "rate-limits": hints
     * up to 30 s. A POST without a key is not mentioned, so it is retried only after a 429.
     */
    private static final RetryPolicy RETRY = RetryPolicy.standard()
            .withRestrictions(onlyOn(Set.of(Method.POST), 429).withoutKey());

    /** Page "webhooks": only {@code succeeded} is documented as a status; the other words follow the events. */
    static final StateWords SCAN_STATES =
            StateWords.succeeding("succeeded").failing("failed").cancelling("cancelled");

    /**
     * Page "rate-limits": polls at least 30 s apart, and 10 to 30 minutes for a standard scan; every poll costs a
     * token.
     */
    static final LongOperation SCAN = new LongOperation(
            "scan",
            "scans/{id}",
            JobShape.at("/status", SCAN_STATES).withReason("/reason"),
            PollPolicy.every(Duration.ofSeconds(30)),
            Duration.ofHours(2));

    /**
     * The only documentation of lists is "up to 100 per request" (page "rate-limits"): a bare array, or one under a
     * usual name.
     */
    private static final ListForm LISTS = ListForm.of(
            Payload.page(
                    JsonNode.class, List.of("data", "items", "scans", "targets", "webhooks"), List.of("next_cursor")),
            Paging.cursor("cursor").whileTrue("/has_more"));

    static final VendorSpec SPEC = VendorSpec.of(
                    "pentify",
                    "Pentify",
                    "https://api.pentify.io/v1",
                    CredentialScheme.bearer().showing(VISIBLE_KEY_CHARACTERS))
            .withErrors(new ErrorModel(ErrorShape.nestedError(), new ErrorTable(ERRORS), PentifyException::of))
            .withQuota(QUOTA)
            .withKeyPlacement(KeyPlacement.bodyMember("idempotency_key", "scans"))
            .withRetry(RETRY)
            .withOperations(SCAN)
            .withLists(LISTS);

    /** Creates the vendor for the service loader. */
    public PentifyVendor() {}

    @Override
    public VendorSpec spec() {
        return SPEC;
    }
}
