package io.penstock.test.simulator.pentify;

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
        require(requestsPerMinutePerKey >= 1, "requestsPerMinutePerKey", requestsPerMinutePerKey, ">= 1");
        require(requestsPerMinutePerAddress >= 1, "requestsPerMinutePerAddress", requestsPerMinutePerAddress, ">= 1");
        require(rateWindow.compareTo(Duration.ZERO) > 0, "rateWindow", rateWindow, "> 0");
        require(
                notVerifiedStatus == 403 || notVerifiedStatus == 409,
                "notVerifiedStatus",
                notVerifiedStatus,
                "403 or 409");
        require(replayStatus == 200 || replayStatus == 201, "replayStatus", replayStatus, "200 or 201");
        require(
                serverErrorCode.equals("server_error") || serverErrorCode.equals("internal_error"),
                "serverErrorCode",
                serverErrorCode,
                "server_error or internal_error");
        require(listLimit >= 1, "listLimit", listLimit, ">= 1");
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
        Draft draft = new Draft(this);
        draft.requestsPerMinutePerKey = requestsPerMinutePerKey;
        return draft.rules();
    }

    /** Returns a copy with another {@link #requestsPerMinutePerAddress()}. */
    public PentifyRules withRequestsPerMinutePerAddress(int requestsPerMinutePerAddress) {
        Draft draft = new Draft(this);
        draft.requestsPerMinutePerAddress = requestsPerMinutePerAddress;
        return draft.rules();
    }

    /** Returns a copy with another {@link #rateWindow()}. */
    public PentifyRules withRateWindow(Duration rateWindow) {
        Draft draft = new Draft(this);
        draft.rateWindow = rateWindow;
        return draft.rules();
    }

    /** Returns a copy with another {@link #notVerifiedStatus()}. */
    public PentifyRules withNotVerifiedStatus(int notVerifiedStatus) {
        Draft draft = new Draft(this);
        draft.notVerifiedStatus = notVerifiedStatus;
        return draft.rules();
    }

    /** Returns a copy with another {@link #replayStatus()}. */
    public PentifyRules withReplayStatus(int replayStatus) {
        Draft draft = new Draft(this);
        draft.replayStatus = replayStatus;
        return draft.rules();
    }

    /** Returns a copy with another {@link #serverErrorCode()}. */
    public PentifyRules withServerErrorCode(String serverErrorCode) {
        Draft draft = new Draft(this);
        draft.serverErrorCode = serverErrorCode;
        return draft.rules();
    }

    /** Returns a copy with another {@link #healthPath()}. */
    public PentifyRules withHealthPath(HealthPath healthPath) {
        Draft draft = new Draft(this);
        draft.healthPath = healthPath;
        return draft.rules();
    }

    /** Returns a copy with another {@link #requestIdInPaymentError()}. */
    public PentifyRules withRequestIdInPaymentError(boolean requestIdInPaymentError) {
        Draft draft = new Draft(this);
        draft.requestIdInPaymentError = requestIdInPaymentError;
        return draft.rules();
    }

    /** Returns a copy with another {@link #requestIdHeader()}. */
    public PentifyRules withRequestIdHeader(boolean requestIdHeader) {
        Draft draft = new Draft(this);
        draft.requestIdHeader = requestIdHeader;
        return draft.rules();
    }

    /** Returns a copy with another {@link #listShape()}. */
    public PentifyRules withListShape(ListShape listShape) {
        Draft draft = new Draft(this);
        draft.listShape = listShape;
        return draft.rules();
    }

    /** Returns a copy with another {@link #listLimit()}. */
    public PentifyRules withListLimit(int listLimit) {
        Draft draft = new Draft(this);
        draft.listLimit = listLimit;
        return draft.rules();
    }

    /** Returns a copy with another {@link #listCursor()}. */
    public PentifyRules withListCursor(boolean listCursor) {
        Draft draft = new Draft(this);
        draft.listCursor = listCursor;
        return draft.rules();
    }

    /** Returns a copy with another {@link #personalTokenPrefix()}. */
    public PentifyRules withPersonalTokenPrefix(String personalTokenPrefix) {
        Draft draft = new Draft(this);
        draft.personalTokenPrefix = personalTokenPrefix;
        return draft.rules();
    }

    /** Returns a copy with another {@link #clock()}. */
    public PentifyRules withClock(Clock clock) {
        Draft draft = new Draft(this);
        draft.clock = clock;
        return draft.rules();
    }

    private static void require(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }

    /** A mutable copy in which a {@code with…} method sets the one component that it changes. */
    private static final class Draft {
        private int requestsPerMinutePerKey;
        private int requestsPerMinutePerAddress;
        private Duration rateWindow;
        private int notVerifiedStatus;
        private int replayStatus;
        private String serverErrorCode;
        private HealthPath healthPath;
        private boolean requestIdInPaymentError;
        private boolean requestIdHeader;
        private ListShape listShape;
        private int listLimit;
        private boolean listCursor;
        private String personalTokenPrefix;
        private Clock clock;

        Draft(PentifyRules rules) {
            requestsPerMinutePerKey = rules.requestsPerMinutePerKey;
            requestsPerMinutePerAddress = rules.requestsPerMinutePerAddress;
            rateWindow = rules.rateWindow;
            notVerifiedStatus = rules.notVerifiedStatus;
            replayStatus = rules.replayStatus;
            serverErrorCode = rules.serverErrorCode;
            healthPath = rules.healthPath;
            requestIdInPaymentError = rules.requestIdInPaymentError;
            requestIdHeader = rules.requestIdHeader;
            listShape = rules.listShape;
            listLimit = rules.listLimit;
            listCursor = rules.listCursor;
            personalTokenPrefix = rules.personalTokenPrefix;
            clock = rules.clock;
        }

        PentifyRules rules() {
            return new PentifyRules(
                    requestsPerMinutePerKey,
                    requestsPerMinutePerAddress,
                    rateWindow,
                    notVerifiedStatus,
                    replayStatus,
                    serverErrorCode,
                    healthPath,
                    requestIdInPaymentError,
                    requestIdHeader,
                    listShape,
                    listLimit,
                    listCursor,
                    personalTokenPrefix,
                    clock);
        }
    }
}
