package io.penstock.test.simulator.pentify;

import io.penstock.test.simulator.parts.Expected;
import io.penstock.test.simulator.parts.RecordCopy;
import java.time.Clock;
import java.time.Duration;

/**
 * The limits of the API, and switches for the points that its documentation contradicts or leaves open. Start from
 * {@link #documented()} and change single values.
 *
 * @param requestsPerMinutePerKey requests per window and API key; 60 (page "rate-limits")
 * @param requestsPerMinutePerAddress requests per window and client address on the public paths; 30 (page
 *     "rate-limits")
 * @param rateWindow length of the window; 1 minute (page "rate-limits"). It is undocumented that the window is fixed
 *     and starts with the first request
 * @param notVerifiedStatus status of {@code target_not_verified}: 403 (page "errors") or 409 (page
 *     "terminal/troubleshooting")
 * @param replayStatus status of a request with a repeated idempotency key: 200 or 201; undocumented
 * @param serverErrorCode code of a 500: {@code server_error} (page "errors") or {@code internal_error} (page
 *     "terminal/commands")
 * @param healthPath path of the health check; the pages differ
 * @param requestIdInPaymentError whether a 402 has a {@code request_id}: always (page "errors"), though the sample of
 *     the page "tokens-and-pricing" has none
 * @param requestIdHeader whether every response has an {@code x-request-id}; undocumented
 * @param listShape shape of a list; undocumented
 * @param listLimit maximum number of items that a list returns; 100 (page "rate-limits")
 * @param listCursor whether lists are paged with {@code has_more}, {@code next_cursor} and the parameter
 *     {@code cursor}; undocumented. If false, the items beyond the limit cannot be reached
 * @param personalTokenPrefix prefix of a token made by pairing: {@code pt_live_} (pages "terminal/…") or
 *     {@code pk_live_} (page "authentication")
 * @param clock clock of the windows and of the timestamps in bodies
 */
public record PentifyRules(
        int requestsPerMinutePerKey,
        int requestsPerMinutePerAddress,
        Duration rateWindow,
        int notVerifiedStatus,
        int replayStatus,
        String serverErrorCode,
        HealthPath healthPath,
        boolean requestIdInPaymentError,
        boolean requestIdHeader,
        ListShape listShape,
        int listLimit,
        boolean listCursor,
        String personalTokenPrefix,
        Clock clock) {

    /** Checks the values against the documentation. */
    public PentifyRules {
        Expected.that(requestsPerMinutePerKey >= 1, "requestsPerMinutePerKey", requestsPerMinutePerKey, ">= 1");
        Expected.that(
                requestsPerMinutePerAddress >= 1, "requestsPerMinutePerAddress", requestsPerMinutePerAddress, ">= 1");
        Expected.that(rateWindow.compareTo(Duration.ZERO) > 0, "rateWindow", rateWindow, "> 0");
        Expected.that(
                notVerifiedStatus == 403 || notVerifiedStatus == 409,
                "notVerifiedStatus",
                notVerifiedStatus,
                "403 or 409");
        Expected.that(replayStatus == 200 || replayStatus == 201, "replayStatus", replayStatus, "200 or 201");
        Expected.that(
                serverErrorCode.equals("server_error") || serverErrorCode.equals("internal_error"),
                "serverErrorCode",
                serverErrorCode,
                "server_error or internal_error");
        Expected.that(listLimit >= 1, "listLimit", listLimit, ">= 1");
    }

    /** Returns the documented rules. Where the documentation contradicts itself, the error reference decides. */
    public static PentifyRules documented() {
        return new PentifyRules(
                60,
                30,
                Duration.ofMinutes(1),
                403,
                200,
                "server_error",
                HealthPath.BOTH,
                true,
                true,
                ListShape.DATA,
                100,
                false,
                "pt_live_",
                Clock.systemUTC());
    }

    /** Returns a copy with another {@link #requestsPerMinutePerKey()}. */
    public PentifyRules withRequestsPerMinutePerKey(int requestsPerMinutePerKey) {
        return RecordCopy.with(this, "requestsPerMinutePerKey", requestsPerMinutePerKey);
    }

    /** Returns a copy with another {@link #requestsPerMinutePerAddress()}. */
    public PentifyRules withRequestsPerMinutePerAddress(int requestsPerMinutePerAddress) {
        return RecordCopy.with(this, "requestsPerMinutePerAddress", requestsPerMinutePerAddress);
    }

    /** Returns a copy with another {@link #rateWindow()}. */
    public PentifyRules withRateWindow(Duration rateWindow) {
        return RecordCopy.with(this, "rateWindow", rateWindow);
    }

    /** Returns a copy with another {@link #notVerifiedStatus()}. */
    public PentifyRules withNotVerifiedStatus(int notVerifiedStatus) {
        return RecordCopy.with(this, "notVerifiedStatus", notVerifiedStatus);
    }

    /** Returns a copy with another {@link #replayStatus()}. */
    public PentifyRules withReplayStatus(int replayStatus) {
        return RecordCopy.with(this, "replayStatus", replayStatus);
    }

    /** Returns a copy with another {@link #serverErrorCode()}. */
    public PentifyRules withServerErrorCode(String serverErrorCode) {
        return RecordCopy.with(this, "serverErrorCode", serverErrorCode);
    }

    /** Returns a copy with another {@link #healthPath()}. */
    public PentifyRules withHealthPath(HealthPath healthPath) {
        return RecordCopy.with(this, "healthPath", healthPath);
    }

    /** Returns a copy with another {@link #requestIdInPaymentError()}. */
    public PentifyRules withRequestIdInPaymentError(boolean requestIdInPaymentError) {
        return RecordCopy.with(this, "requestIdInPaymentError", requestIdInPaymentError);
    }

    /** Returns a copy with another {@link #requestIdHeader()}. */
    public PentifyRules withRequestIdHeader(boolean requestIdHeader) {
        return RecordCopy.with(this, "requestIdHeader", requestIdHeader);
    }

    /** Returns a copy with another {@link #listShape()}. */
    public PentifyRules withListShape(ListShape listShape) {
        return RecordCopy.with(this, "listShape", listShape);
    }

    /** Returns a copy with another {@link #listLimit()}. */
    public PentifyRules withListLimit(int listLimit) {
        return RecordCopy.with(this, "listLimit", listLimit);
    }

    /** Returns a copy with another {@link #listCursor()}. */
    public PentifyRules withListCursor(boolean listCursor) {
        return RecordCopy.with(this, "listCursor", listCursor);
    }

    /** Returns a copy with another {@link #personalTokenPrefix()}. */
    public PentifyRules withPersonalTokenPrefix(String personalTokenPrefix) {
        return RecordCopy.with(this, "personalTokenPrefix", personalTokenPrefix);
    }

    /** Returns a copy with another {@link #clock()}. */
    public PentifyRules withClock(Clock clock) {
        return RecordCopy.with(this, "clock", clock);
    }
}
