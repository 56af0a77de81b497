package io.penstock.ixon;

import static io.penstock.envelope.ErrorRule.afterAction;
import static io.penstock.envelope.ErrorRule.permanent;
import static io.penstock.envelope.ErrorRule.renewable;
import static io.penstock.envelope.ErrorRule.transientError;
import static io.penstock.retry.RetryRestriction.onlyOn;
import static io.penstock.retry.RetryRestriction.onlyUnanswered;

import io.penstock.auth.AccessToken;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.TokenExchange;
import io.penstock.body.FailureSign;
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
import io.penstock.polling.PollPolicy;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.ListForm;
import io.penstock.spec.Vendor;
import io.penstock.spec.VendorSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The spec of the IXON APIv2: its contract (version 0.1.294), and the pages ixon-api-prerequisites,
 * ixon-api-authentication-headers, api-rate-limits and common-errors.
 */
public final class IxonVendor implements Vendor {

    /** Page "api-rate-limits": the time for which an address is blocked after it has exceeded a limit. */
    static final Duration BLOCK = Duration.ofMinutes(10);

    /**
     * Pages "api-rate-limits" (50 s) and "common-errors" (60 s) state the server's own limit; this timeout is above
     * both.
     */
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(65);

    /** The time of two attempts that use their whole timeout, and the wait between them. */
    static final Duration DEADLINE = Duration.ofSeconds(150);

    /** Page "ixon-api-authentication-headers": the sample's {@code expiresIn}. The maximum is not documented. */
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    private static final Duration RENEW_BEFORE = Duration.ofMinutes(1);

    /** Page "api-rate-limits", newest version: 50 requests/s over 5 s and 40 requests/s over 2 minutes, by address. */
    private static final QuotaModel QUOTA = QuotaModel.declared(
                    DeclaredLimit.perAddress("burst", 250, Duration.ofSeconds(5)),
                    DeclaredLimit.perAddress("steady", 4_800, Duration.ofMinutes(2)))
            .blocking(BLOCK);

    /** The outcome of an action is an entry in the audit log (contract). The polling interval is not documented. */
    static final PollPolicy ACTION_POLLS =
            PollPolicy.every(Duration.ofSeconds(10)).growing(1.5, Duration.ofMinutes(1));

    /** The duration of an action is not documented. */
    static final Duration ACTION_LIMIT = Duration.ofMinutes(15);

    /**
     * The contract and page "common-errors" have a list of messages. A list of exactly one may be sent as the element
     * itself, as other lists may.
     */
    private static final ErrorShape SHAPE = ErrorShape.messageAt(
                    "/data/0/message", "/data/message", "/data/0", "/data", "/message")
            .withFields(FieldShape.at("/data", "propertyName", "", "message"))
            .withFailureSigns(FailureSign.isOneOf("status", "error"));

    private static final String AUTHORIZATION = "Authorization";

    private static final ErrorRule EXPIRED =
            renewable().withRemedy("use a token that lives, with the application it was issued with");

    /**
     * Page "common-errors": if the token is too short, too long, badly encrypted or does not match, it must be
     * generated again. A client with a login does so automatically, once per call.
     */
    private static final ErrorRule MALFORMED = ErrorRule.malformedCredential()
            .withRemedy(
                    "generate the token once more, and send it as it was issued; if a fresh one is refused too, look at"
                            + " what changes the header Authorization on its way");

    /**
     * Page "common-errors": there are no codes, and the status is only said to be 4xx, so property and message decide.
     * At most the beginning of a message is compared: the page has one message in two wordings.
     */
    private static final ErrorTable ERRORS = ErrorTable.ofCases(
            ErrorCase.ofField(AUTHORIZATION, "Invalid value", EXPIRED),
            ErrorCase.ofField(AUTHORIZATION, null, MALFORMED),
            ErrorCase.ofText(
                    0,
                    "2FA is required",
                    afterAction(
                            ErrorKind.AUTHENTICATION,
                            "log in with a one-time password, or use the token of a service account")),
            header("Api-Version"),
            header("Api-Application"),
            header("Api-Company"),
            header("Api-Branding"),
            header("Api-Device-Identifier"),
            ErrorCase.ofText(401, "Invalid value", EXPIRED),
            ErrorCase.ofText(0, "Authorization must start with", MALFORMED),
            // Page "api-rate-limits": ten minutes. A retry within seconds would only add to the count.
            ErrorCase.ofStatus(
                    429,
                    transientError(ErrorKind.RATE_LIMITED)
                            .withMaxAttempts(1)
                            .withRemedy("this address is blocked for 10 minutes: send nothing meanwhile, fewer requests"
                                    + " afterwards")),
            // Page "common-errors": the request took longer than the server allows; it may have acted nevertheless.
            ErrorCase.ofStatus(
                    504,
                    afterAction(ErrorKind.SERVER_ERROR, "narrow the request: a shorter time, fewer rows, fewer fields")
                            .withCertainty(Certainty.MAYBE_PROCESSED)),
            // Page "common-errors": an incident on IXON's side.
            ErrorCase.ofStatus(
                    500,
                    transientError(ErrorKind.SERVER_ERROR)
                            .withRemedy("nothing is wrong with the request: an incident at IXON; try again later")),
            // Not documented: an error envelope with the status of a success.
            ErrorCase.ofStatusClass(2, permanent(ErrorKind.VALIDATION).withCertainty(Certainty.MAYBE_PROCESSED)));

    /**
     * Page "common-errors": exponential backoff after network errors, without numbers; a 4xx requires a corrected
     * request. There are no idempotency keys, so only requests that read or replace are retried after a response. A
     * PATCH and a DELETE, which name the objects they change, are retried after a lost connection.
     */
    private static final RetryPolicy RETRY = RetryPolicy.standard()
            .withRestrictions(
                    onlyOn(Set.of(Method.GET, Method.PUT), 500, 502, 503),
                    onlyUnanswered(Set.of(Method.POST, Method.PATCH, Method.DELETE)));

    /**
     * A list of exactly one may be sent as the element itself (contract). The public clients send {@code page-after}.
     */
    static final ListForm LISTS = ListForm.of(
            Payload.page(JsonNode.class, List.of("data"), List.of("moreAfter")).orSingle(),
            Paging.cursor("page-after"));

    static final VendorSpec SPEC = spec(CredentialScheme.bearer());

    /** Creates the vendor for the service loader. */
    public IxonVendor() {}

    @Override
    public VendorSpec spec() {
        return SPEC;
    }

    private static ErrorCase header(String name) {
        return ErrorCase.ofField(
                name, null, permanent(ErrorKind.INVALID_CONFIGURATION).withRemedy("correct the header " + name));
    }

    /** Returns {@link #SPEC} with a login that exchanges a person's password for tokens. */
    static VendorSpec withLogin(String email) {
        withoutColon("email", email);
        return spec(CredentialScheme.bearer()
                .exchangedBy(new TokenExchange(
                        "POST access-tokens",
                        password -> login(email, "", password),
                        (answer, now) -> new AccessToken(secretId(answer), now.plus(TOKEN_LIFE)),
                        RENEW_BEFORE)));
    }

    /**
     * Returns the login request with {@code Basic base64(email:otp:password)} (page "ixon-api-authentication-headers").
     * Without a one-time password, its slot is empty. Without {@code fields}, the response may lack the token.
     */
    static ApiRequest<JsonNode> login(String email, String oneTimePassword, Secret password) {
        withoutColon("email", email);
        withoutColon("one-time password", oneTimePassword);
        String basic = email + ":" + oneTimePassword + ":" + password.reveal();
        return ApiRequest.post("access-tokens")
                .query("fields", "secretId")
                .header(
                        "authorization",
                        "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8)))
                .body(Map.of("expiresIn", TOKEN_LIFE.toSeconds()))
                .anonymous();
    }

    private static Secret secretId(JsonNode answer) {
        String token = answer.at("/data/secretId").asString("");
        if (token.isEmpty()) {
            throw new ApiException(Failure.of(
                    ErrorKind.UNDECODABLE,
                    Certainty.PROCESSED,
                    Retryability.PERMANENT,
                    "POST access-tokens answered without secretId (expected: one, fields=secretId asks for it)"));
        }
        return Secret.of(token);
    }

    /** Rejects a colon, which would shift the slots. */
    private static void withoutColon(String what, String value) {
        if (value.indexOf(':') >= 0) {
            throw ApiException.invalidConfiguration(
                    what + ": holds a colon (expected: none, only a password may have one)");
        }
    }

    private static VendorSpec spec(CredentialScheme credential) {
        // Contract and page "ixon-api-prerequisites"; older clients use https://api.ayayot.com.
        return VendorSpec.of("ixon", "IXON", "https://portal.ixon.cloud/api", credential)
                .withErrors(new ErrorModel(SHAPE, ERRORS, IxonException::of))
                .withQuota(QUOTA)
                .withRetry(RETRY)
                // Contract: on every operation, and 2 is the only value.
                .withHeader("api-version", "2")
                .withAttemptTimeout(ATTEMPT_TIMEOUT)
                .withLists(LISTS);
    }
}
