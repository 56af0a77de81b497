package io.penstock.test.simulator.invicti;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The limits of the API, and what its documentation contradicts or leaves open, as switches. Start from
 * {@link #documented()} and change single ones.
 *
 * @param requestsPerWindow requests per window and subject; 100 as in the sample headers, which is an illustration
 * @param rateWindow the length of the window; undocumented, and so is that it is fixed and starts with the first
 *     request
 * @param quotaSubject whose requests are counted together; undocumented
 * @param quotaHeaders whether the answers have the {@code X-RateLimit-…} headers (page "s1-handle-responses")
 * @param retryHint where a 429 or 503 carries its {@code retryAfter}; undocumented
 * @param retryAfter what a scripted 429 or 503 says there, rounded up to seconds; undocumented. A 429 of the
 *     window says how long the window lasts
 * @param errorShape what the body of an error looks like; documented for a 400 only
 * @param requestIdInEveryError whether other errors than a 500 have a {@code requestId} too; undocumented
 * @param keyFormat what an API key looks like; the pages differ
 * @param basePath what stands before every path, as behind the proxy of an installation on premises: {@code
 *     /invicti}; none by default
 * @param dastPrefix where targets, scans and reports are; the pages differ
 * @param idForm what identifiers look like; the pages differ
 * @param timestampForm what timestamps look like; the pages differ
 * @param listShapes the shapes of those lists that do not have the one of their page
 * @param lastPage what stands for the next cursor on a last page; undocumented
 * @param listFlaw a defect of the lists; none by default
 * @param pageSizeLimit the largest page, whatever is asked for; undocumented
 * @param createAnswer what a 201 carries; the pages differ
 * @param locationForm how the server writes its own addresses; undocumented
 * @param scanAnswer what the start of a scan is answered with; the pages differ
 * @param pollsUntilDone which look at a scan or report finds it completed, 1 for the first; 0 to leave it to the
 *     test
 * @param capitalizedEnums whether an importer's {@code type} and {@code status} are read as {@code
 *     Aws_api_gateway} and {@code Active} when they were written as {@code aws_api_gateway} and {@code active}
 *     (page "api-importers-api")
 * @param clock what the windows and the timestamps in bodies go by
 */
public record InvictiRules(
        int requestsPerWindow,
        Duration rateWindow,
        QuotaSubject quotaSubject,
        boolean quotaHeaders,
        RetryHint retryHint,
        Duration retryAfter,
        ErrorShape errorShape,
        boolean requestIdInEveryError,
        KeyFormat keyFormat,
        String basePath,
        DastPrefix dastPrefix,
        IdForm idForm,
        TimestampForm timestampForm,
        Map<Listing, ListShape> listShapes,
        LastPage lastPage,
        ListFlaw listFlaw,
        int pageSizeLimit,
        CreateAnswer createAnswer,
        LocationForm locationForm,
        ScanAnswer scanAnswer,
        int pollsUntilDone,
        boolean capitalizedEnums,
        Clock clock) {

    /** Checks the values, and copies the map. */
    public InvictiRules {
        require(requestsPerWindow >= 1, "requestsPerWindow", requestsPerWindow, ">= 1");
        require(rateWindow.compareTo(Duration.ZERO) > 0, "rateWindow", rateWindow, "> 0");
        require(!retryAfter.isNegative(), "retryAfter", retryAfter, ">= 0");
        require(pageSizeLimit >= 1, "pageSizeLimit", pageSizeLimit, ">= 1");
        require(pollsUntilDone >= 0, "pollsUntilDone", pollsUntilDone, ">= 0");
        require(
                basePath.isEmpty() || (basePath.startsWith("/") && !basePath.endsWith("/")),
                "basePath",
                basePath,
                "nothing, or a path that begins with a slash and does not end with one");
        listShapes = Map.copyOf(listShapes);
    }

    /** What the documentation says; where it says nothing, what is most likely. */
    public static InvictiRules documented() {
        return new InvictiRules(
                100,
                Duration.ofMinutes(1),
                QuotaSubject.KEY,
                true,
                RetryHint.BODY_NUMBER,
                Duration.ofSeconds(1),
                ErrorShape.NAMED,
                false,
                KeyFormat.JWT,
                "",
                DastPrefix.BOTH,
                IdForm.UUID,
                TimestampForm.AS_DOCUMENTED,
                Map.of(),
                LastPage.ABSENT,
                ListFlaw.NONE,
                100,
                CreateAnswer.AS_DOCUMENTED,
                LocationForm.ABSOLUTE,
                ScanAnswer.CREATED,
                0,
                true,
                Clock.systemUTC());
    }

    /** The shape of a list under these rules. */
    public ListShape listShape(Listing listing) {
        return listShapes.getOrDefault(listing, listing.documented());
    }

    /** The same with another {@link #requestsPerWindow()}. */
    public InvictiRules withRequestsPerWindow(int requestsPerWindow) {
        return with(draft -> draft.requestsPerWindow = requestsPerWindow);
    }

    /** The same with another {@link #rateWindow()}. */
    public InvictiRules withRateWindow(Duration rateWindow) {
        return with(draft -> draft.rateWindow = rateWindow);
    }

    /** The same with another {@link #quotaSubject()}. */
    public InvictiRules withQuotaSubject(QuotaSubject quotaSubject) {
        return with(draft -> draft.quotaSubject = quotaSubject);
    }

    /** The same with another {@link #quotaHeaders()}. */
    public InvictiRules withQuotaHeaders(boolean quotaHeaders) {
        return with(draft -> draft.quotaHeaders = quotaHeaders);
    }

    /** The same with another {@link #retryHint()}. */
    public InvictiRules withRetryHint(RetryHint retryHint) {
        return with(draft -> draft.retryHint = retryHint);
    }

    /** The same with another {@link #retryAfter()}. */
    public InvictiRules withRetryAfter(Duration retryAfter) {
        return with(draft -> draft.retryAfter = retryAfter);
    }

    /** The same with another {@link #errorShape()}. */
    public InvictiRules withErrorShape(ErrorShape errorShape) {
        return with(draft -> draft.errorShape = errorShape);
    }

    /** The same with another {@link #requestIdInEveryError()}. */
    public InvictiRules withRequestIdInEveryError(boolean requestIdInEveryError) {
        return with(draft -> draft.requestIdInEveryError = requestIdInEveryError);
    }

    /** The same with another {@link #keyFormat()}. */
    public InvictiRules withKeyFormat(KeyFormat keyFormat) {
        return with(draft -> draft.keyFormat = keyFormat);
    }

    /** The same with another {@link #basePath()}. */
    public InvictiRules withBasePath(String basePath) {
        return with(draft -> draft.basePath = basePath);
    }

    /** The same with another {@link #dastPrefix()}. */
    public InvictiRules withDastPrefix(DastPrefix dastPrefix) {
        return with(draft -> draft.dastPrefix = dastPrefix);
    }

    /** The same with another {@link #idForm()}. */
    public InvictiRules withIdForm(IdForm idForm) {
        return with(draft -> draft.idForm = idForm);
    }

    /** The same with another {@link #timestampForm()}. */
    public InvictiRules withTimestampForm(TimestampForm timestampForm) {
        return with(draft -> draft.timestampForm = timestampForm);
    }

    /** The same with another {@link #listShape(Listing)}. */
    public InvictiRules withListShape(Listing listing, ListShape shape) {
        Map<Listing, ListShape> changed = new EnumMap<>(Listing.class);
        changed.putAll(listShapes);
        changed.put(listing, shape);
        return with(draft -> draft.listShapes = changed);
    }

    /** The same with another {@link #lastPage()}. */
    public InvictiRules withLastPage(LastPage lastPage) {
        return with(draft -> draft.lastPage = lastPage);
    }

    /** The same with another {@link #listFlaw()}. */
    public InvictiRules withListFlaw(ListFlaw listFlaw) {
        return with(draft -> draft.listFlaw = listFlaw);
    }

    /** The same with another {@link #pageSizeLimit()}. */
    public InvictiRules withPageSizeLimit(int pageSizeLimit) {
        return with(draft -> draft.pageSizeLimit = pageSizeLimit);
    }

    /** The same with another {@link #createAnswer()}. */
    public InvictiRules withCreateAnswer(CreateAnswer createAnswer) {
        return with(draft -> draft.createAnswer = createAnswer);
    }

    /** The same with another {@link #locationForm()}. */
    public InvictiRules withLocationForm(LocationForm locationForm) {
        return with(draft -> draft.locationForm = locationForm);
    }

    /** The same with another {@link #scanAnswer()}. */
    public InvictiRules withScanAnswer(ScanAnswer scanAnswer) {
        return with(draft -> draft.scanAnswer = scanAnswer);
    }

    /** The same with another {@link #pollsUntilDone()}. */
    public InvictiRules withPollsUntilDone(int pollsUntilDone) {
        return with(draft -> draft.pollsUntilDone = pollsUntilDone);
    }

    /** The same with another {@link #capitalizedEnums()}. */
    public InvictiRules withCapitalizedEnums(boolean capitalizedEnums) {
        return with(draft -> draft.capitalizedEnums = capitalizedEnums);
    }

    /** The same with another {@link #clock()}. */
    public InvictiRules withClock(Clock clock) {
        return with(draft -> draft.clock = clock);
    }

    private InvictiRules with(Consumer<RulesDraft> change) {
        RulesDraft draft = new RulesDraft(this);
        change.accept(draft);
        return draft.rules();
    }

    private static void require(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
