package io.penstock.test.simulator.picus;

import io.penstock.test.simulator.parts.Expected;
import io.penstock.test.simulator.parts.RecordCopy;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The limits of the API, and switches for the points that its documentation and its contract contradict or leave open.
 * Start from {@link #documented()} and change single values.
 *
 * @param accessTokenLife lifetime of an access token; 2 hours (page "authentication-method")
 * @param refreshTokenLife lifetime of a refresh token; 6 months, or the number of days chosen by its creator (both on
 *     page "authentication-method")
 * @param expireAt unit of {@code expire_at}; page and contract differ
 * @param refreshResult place of a new refresh token; the contract says headers, probably by mistake
 * @param credentialHeader header with the access token: {@code Authorization} (contract) or {@code Authentication}
 *     (page "response-codes-errors")
 * @param requestsPerMinute requests per window and client address, by operation; the two examples of page "rate-limit"
 * @param readsPerMinute requests per window and client address for any other {@code GET}; undocumented
 * @param writesPerMinute requests per window and client address for any other method; undocumented, but fewer than for
 *     reads (page "rate-limit")
 * @param rateWindow length of the window; 1 minute (page "rate-limit"). It is undocumented that the window is fixed and
 *     starts with the first request
 * @param retryAfter whether a 429 has a {@code Retry-After} in seconds; undocumented
 * @param itemShape whether a single object has a wrapper; contract and page differ
 * @param nullables form of {@code agent_id}, {@code template_id} and {@code is_active} of a created simulation
 * @param errorsMember form of {@code errors} in an error body
 * @param malformedErrors whether an error is sent as the sample of page "response-codes-errors" is printed: with a
 *     comment and without the closing brace, so that it is not JSON
 * @param pageSizeParameter {@code limit} (contract) or {@code size} (page "pagination")
 * @param minimumPageSize 2 (page "pagination": size > 1) or 1
 * @param pageMaximum largest page where no other maximum is documented; 25, from the contract's sample of a refusal
 * @param createdStatus status of a create: 200 (contract) or 201 (page "response-codes-errors")
 * @param deletedStatus status of a delete: 200 (contract) or 204 without a body (page "response-codes-errors")
 * @param embeddedText whether {@code agent_types} and {@code threats} of a template are the strings of the contract's
 *     examples, which are not JSON
 * @param correctSpelling whether a run result has {@code achieved_count} and {@code unachieved_count}, which the
 *     contract misspells
 * @param installToken the JSON response of {@code GET /v1/agents/install-token}; undocumented
 * @param pollsToFinish number of polls after which a simulation's run or a report is completed; 0 to leave it to the
 *     test
 * @param simulationLicence maximum number of simulations, beyond which a create gets 402; the subject of the limit is
 *     undocumented
 * @param listedItems number of templates, threats, users, log entries and so on at the start
 * @param clock clock of the windows, the tokens and the timestamps in bodies
 */
public record PicusRules(
        Duration accessTokenLife,
        Duration refreshTokenLife,
        ExpireAt expireAt,
        RefreshResult refreshResult,
        String credentialHeader,
        Map<String, Integer> requestsPerMinute,
        int readsPerMinute,
        int writesPerMinute,
        Duration rateWindow,
        boolean retryAfter,
        ItemShape itemShape,
        NullableShape nullables,
        ErrorsMember errorsMember,
        boolean malformedErrors,
        String pageSizeParameter,
        int minimumPageSize,
        int pageMaximum,
        int createdStatus,
        int deletedStatus,
        boolean embeddedText,
        boolean correctSpelling,
        String installToken,
        int pollsToFinish,
        int simulationLicence,
        int listedItems,
        Clock clock) {

    /** Checks the values against the documentation. */
    public PicusRules {
        requestsPerMinute = Map.copyOf(requestsPerMinute);
        positive("accessTokenLife", accessTokenLife);
        positive("refreshTokenLife", refreshTokenLife);
        positive("rateWindow", rateWindow);
        oneOf("credentialHeader", credentialHeader, "Authorization", "Authentication");
        oneOf("pageSizeParameter", pageSizeParameter, "limit", "size");
        oneOf("minimumPageSize", minimumPageSize, 1, 2);
        oneOf("createdStatus", createdStatus, 200, 201);
        oneOf("deletedStatus", deletedStatus, 200, 204);
        requestsPerMinute.forEach((operation, limit) -> atLeast("requestsPerMinute of " + operation, limit, 1));
        atLeast("readsPerMinute", readsPerMinute, 1);
        atLeast("writesPerMinute", writesPerMinute, 1);
        atLeast("pageMaximum", pageMaximum, 2);
        atLeast("pollsToFinish", pollsToFinish, 0);
        atLeast("simulationLicence", simulationLicence, 0);
        atLeast("listedItems", listedItems, 1);
    }

    /**
     * Returns the documented rules. Where page and contract contradict each other, the form more often seen on the wire
     * applies.
     */
    public static PicusRules documented() {
        return new PicusRules(
                Duration.ofHours(2),
                Duration.ofDays(180),
                ExpireAt.MILLISECONDS,
                RefreshResult.BODY,
                "Authorization",
                Map.of("GET /v1/agents", 100, "GET /v1/templates/{Id}", 2500),
                100,
                50,
                Duration.ofMinutes(1),
                false,
                ItemShape.WRAPPED,
                NullableShape.STRUCT,
                ErrorsMember.MAP,
                false,
                "limit",
                2,
                25,
                200,
                200,
                false,
                false,
                "{\"token\":\"install-1\"}",
                0,
                Integer.MAX_VALUE,
                60,
                Clock.systemUTC());
    }

    /** Returns a copy with another {@link #accessTokenLife()}. */
    public PicusRules withAccessTokenLife(Duration accessTokenLife) {
        return RecordCopy.with(this, "accessTokenLife", accessTokenLife);
    }

    /** Returns a copy with another {@link #refreshTokenLife()}. */
    public PicusRules withRefreshTokenLife(Duration refreshTokenLife) {
        return RecordCopy.with(this, "refreshTokenLife", refreshTokenLife);
    }

    /** Returns a copy with another {@link #expireAt()}. */
    public PicusRules withExpireAt(ExpireAt expireAt) {
        return RecordCopy.with(this, "expireAt", expireAt);
    }

    /** Returns a copy with another {@link #refreshResult()}. */
    public PicusRules withRefreshResult(RefreshResult refreshResult) {
        return RecordCopy.with(this, "refreshResult", refreshResult);
    }

    /** Returns a copy with another {@link #credentialHeader()}. */
    public PicusRules withCredentialHeader(String credentialHeader) {
        return RecordCopy.with(this, "credentialHeader", credentialHeader);
    }

    /** Returns a copy with another limit for one operation, in the contract's notation: {@code GET /v1/agents/{Id}}. */
    public PicusRules withRequestsPerMinute(String operation, int requestsPerMinute) {
        Map<String, Integer> changed = new HashMap<>(this.requestsPerMinute);
        changed.put(operation, requestsPerMinute);
        return RecordCopy.with(this, "requestsPerMinute", changed);
    }

    /** Returns a copy with another {@link #readsPerMinute()}. */
    public PicusRules withReadsPerMinute(int readsPerMinute) {
        return RecordCopy.with(this, "readsPerMinute", readsPerMinute);
    }

    /** Returns a copy with another {@link #writesPerMinute()}. */
    public PicusRules withWritesPerMinute(int writesPerMinute) {
        return RecordCopy.with(this, "writesPerMinute", writesPerMinute);
    }

    /** Returns a copy with another {@link #rateWindow()}. */
    public PicusRules withRateWindow(Duration rateWindow) {
        return RecordCopy.with(this, "rateWindow", rateWindow);
    }

    /** Returns a copy with another {@link #retryAfter()}. */
    public PicusRules withRetryAfter(boolean retryAfter) {
        return RecordCopy.with(this, "retryAfter", retryAfter);
    }

    /** Returns a copy with another {@link #itemShape()}. */
    public PicusRules withItemShape(ItemShape itemShape) {
        return RecordCopy.with(this, "itemShape", itemShape);
    }

    /** Returns a copy with another {@link #nullables()}. */
    public PicusRules withNullables(NullableShape nullables) {
        return RecordCopy.with(this, "nullables", nullables);
    }

    /** Returns a copy with another {@link #errorsMember()}. */
    public PicusRules withErrorsMember(ErrorsMember errorsMember) {
        return RecordCopy.with(this, "errorsMember", errorsMember);
    }

    /** Returns a copy with another {@link #malformedErrors()}. */
    public PicusRules withMalformedErrors(boolean malformedErrors) {
        return RecordCopy.with(this, "malformedErrors", malformedErrors);
    }

    /** Returns a copy with another {@link #pageSizeParameter()}. */
    public PicusRules withPageSizeParameter(String pageSizeParameter) {
        return RecordCopy.with(this, "pageSizeParameter", pageSizeParameter);
    }

    /** Returns a copy with another {@link #minimumPageSize()}. */
    public PicusRules withMinimumPageSize(int minimumPageSize) {
        return RecordCopy.with(this, "minimumPageSize", minimumPageSize);
    }

    /** Returns a copy with another {@link #pageMaximum()}. */
    public PicusRules withPageMaximum(int pageMaximum) {
        return RecordCopy.with(this, "pageMaximum", pageMaximum);
    }

    /** Returns a copy with another {@link #createdStatus()}. */
    public PicusRules withCreatedStatus(int createdStatus) {
        return RecordCopy.with(this, "createdStatus", createdStatus);
    }

    /** Returns a copy with another {@link #deletedStatus()}. */
    public PicusRules withDeletedStatus(int deletedStatus) {
        return RecordCopy.with(this, "deletedStatus", deletedStatus);
    }

    /** Returns a copy with another {@link #embeddedText()}. */
    public PicusRules withEmbeddedText(boolean embeddedText) {
        return RecordCopy.with(this, "embeddedText", embeddedText);
    }

    /** Returns a copy with another {@link #correctSpelling()}. */
    public PicusRules withCorrectSpelling(boolean correctSpelling) {
        return RecordCopy.with(this, "correctSpelling", correctSpelling);
    }

    /** Returns a copy with another {@link #installToken()}. */
    public PicusRules withInstallToken(String installToken) {
        return RecordCopy.with(this, "installToken", installToken);
    }

    /** Returns a copy with another {@link #pollsToFinish()}. */
    public PicusRules withPollsToFinish(int pollsToFinish) {
        return RecordCopy.with(this, "pollsToFinish", pollsToFinish);
    }

    /** Returns a copy with another {@link #simulationLicence()}. */
    public PicusRules withSimulationLicence(int simulationLicence) {
        return RecordCopy.with(this, "simulationLicence", simulationLicence);
    }

    /** Returns a copy with another {@link #listedItems()}. */
    public PicusRules withListedItems(int listedItems) {
        return RecordCopy.with(this, "listedItems", listedItems);
    }

    /** Returns a copy with another {@link #clock()}. */
    public PicusRules withClock(Clock clock) {
        return RecordCopy.with(this, "clock", clock);
    }

    /**
     * Returns the limit of an operation: {@link #requestsPerMinute()}, else {@link #readsPerMinute()} or
     * {@link #writesPerMinute()}.
     */
    int limit(String operation) {
        return requestsPerMinute.getOrDefault(
                operation, operation.startsWith("GET ") ? readsPerMinute : writesPerMinute);
    }

    private static void positive(String name, Duration value) {
        Expected.that(value.compareTo(Duration.ZERO) > 0, name, value, "> 0");
    }

    private static void atLeast(String name, int value, int minimum) {
        Expected.that(value >= minimum, name, value, ">= " + minimum);
    }

    private static void oneOf(String name, Object value, Object one, Object other) {
        Expected.that(List.of(one, other).contains(value), name, value, one + " or " + other);
    }
}
