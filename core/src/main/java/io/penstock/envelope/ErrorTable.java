package io.penstock.envelope;

import static io.penstock.error.Certainty.MAYBE_PROCESSED;
import static io.penstock.error.Certainty.REJECTED;
import static io.penstock.error.Retryability.AFTER_ACTION;
import static io.penstock.error.Retryability.PERMANENT;
import static io.penstock.error.Retryability.TRANSIENT;

import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of a vendor's errors: by machine-readable code first, and by status for unknown codes.
 *
 * @param byCode the documented codes
 * @param cases the errors that are recognised by more, in order. Those that name a code or a header count before the
 *     codes, the others only if the code is unknown
 */
public record ErrorTable(Map<String, ErrorRule> byCode, List<ErrorCase> cases) {

    /** Copies both. */
    public ErrorTable {
        byCode = Map.copyOf(byCode);
        cases = List.copyOf(cases);
    }

    /** Creates a table of codes only. */
    public ErrorTable(Map<String, ErrorRule> byCode) {
        this(byCode, List.of());
    }

    /** Creates a table without codes: only cases, in order. */
    public static ErrorTable ofCases(ErrorCase... cases) {
        return new ErrorTable(Map.of(), List.of(cases));
    }

    /** Creates a table without codes and cases: the status decides. */
    public static ErrorTable byStatusOnly() {
        return new ErrorTable(Map.of());
    }

    /** Returns a copy in which an otherwise unknown 401 means that the token has expired (RFC 6750 §3.1). */
    public ErrorTable withRenewal() {
        List<ErrorCase> more = new ArrayList<>(cases);
        more.add(ErrorCase.ofStatus(401, ErrorRule.renewable()));
        return new ErrorTable(byCode, more);
    }

    /**
     * Returns the rule for a response of which only status and code are known; its certainty is never null.
     *
     * @param waitHint whether the server said how long to wait. With a hint, a 503 certainly had no effect, and a 403,
     *     420 or 430 is a rate limit
     */
    public ErrorRule rule(int status, @Nullable String code, boolean waitHint) {
        return rule(new ErrorCase.Answer(status, code, null, List.of(), Headers.none()), waitHint, false);
    }

    /**
     * Returns the rule for a response: that of the first matching case that names a code or a header, else that of the code,
     * else that of the first other matching case, else that of the status.
     *
     * @param usedUp whether the server says that nothing is left of a quota
     */
    ErrorRule rule(ErrorCase.Answer answer, boolean waitHint, boolean usedUp) {
        ErrorRule known = ruleOfCase(answer, true, waitHint || usedUp);
        if (known == null && answer.code() != null) {
            known = byCode.get(answer.code());
        }
        if (known == null) {
            known = ruleOfCase(answer, false, waitHint || usedUp);
        }
        ErrorRule usual = byStatus(answer.status(), waitHint, usedUp);
        return known == null
                ? usual
                : known.certainty() != null
                        ? known
                        : new ErrorRule(
                                known.kind(), known.retryability(), usual.certainty(), known.repeats(), known.remedy());
    }

    private @Nullable ErrorRule ruleOfCase(ErrorCase.Answer answer, boolean beforeCodes, boolean toldWhen) {
        for (ErrorCase each : cases) {
            if (each.goesBeforeCodes() == beforeCodes && each.matches(answer)) {
                return tellsOfLimit(each, answer.status(), toldWhen) ? null : each.rule();
            }
        }
        return null;
    }

    /**
     * Returns whether a 403 is a rate limit although the case found takes it for a missing permission, by its status
     * alone.
     */
    private static boolean tellsOfLimit(ErrorCase found, int status, boolean toldWhen) {
        return status == 403
                && toldWhen
                && found.said() == null
                && !found.goesBeforeCodes()
                && found.rule().kind() == ErrorKind.PERMISSION;
    }

    private static ErrorRule byStatus(int status, boolean waitHint, boolean usedUp) {
        return switch (status) {
            // RFC 9110 §15.4.5, §15.4.8, §15.4.9: nothing to do here, or not here. A 303 may follow an effect.
            case 304, 307, 308 -> rule(ErrorKind.UNEXPECTED_STATUS, PERMANENT, REJECTED);
            case 401 -> rule(ErrorKind.AUTHENTICATION, PERMANENT, REJECTED);
            case 402 -> rule(ErrorKind.PAYMENT_REQUIRED, AFTER_ACTION, REJECTED);
            // Some servers use 403 for a limit (RFC 6585 §7.2 does not require 429). A missing permission has no wait
            // hint.
            case 403 ->
                waitHint || usedUp
                        ? rule(ErrorKind.RATE_LIMITED, TRANSIENT, REJECTED)
                        : rule(ErrorKind.PERMISSION, PERMANENT, REJECTED);
            // Neither is registered; servers that send them mean a rate limit.
            case 420, 430 ->
                waitHint || usedUp
                        ? rule(ErrorKind.RATE_LIMITED, TRANSIENT, REJECTED)
                        : rule(ErrorKind.VALIDATION, PERMANENT, REJECTED);
            case 404 -> rule(ErrorKind.NOT_FOUND, PERMANENT, REJECTED);
            case 408 -> rule(ErrorKind.TIMEOUT, TRANSIENT, MAYBE_PROCESSED);
            case 409, 412 -> rule(ErrorKind.CONFLICT, PERMANENT, REJECTED);
            case 410 -> rule(ErrorKind.GONE, PERMANENT, REJECTED);
            case 425 -> rule(ErrorKind.UNAVAILABLE, TRANSIENT, REJECTED); // RFC 8470 §5.2: not processed
            case 429 -> rule(ErrorKind.RATE_LIMITED, TRANSIENT, REJECTED);
            case 501, 505 -> rule(ErrorKind.SERVER_ERROR, PERMANENT, REJECTED);
            case 503 -> rule(ErrorKind.UNAVAILABLE, TRANSIENT, waitHint ? REJECTED : MAYBE_PROCESSED);
            default ->
                status >= 500
                        ? rule(ErrorKind.SERVER_ERROR, TRANSIENT, MAYBE_PROCESSED)
                        : status >= 400
                                ? rule(ErrorKind.VALIDATION, PERMANENT, REJECTED)
                                : rule(ErrorKind.UNEXPECTED_STATUS, PERMANENT, MAYBE_PROCESSED);
        };
    }

    private static ErrorRule rule(ErrorKind kind, Retryability retryability, Certainty certainty) {
        return new ErrorRule(kind, retryability, certainty, null);
    }
}
