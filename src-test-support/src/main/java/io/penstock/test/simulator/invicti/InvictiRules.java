package io.penstock.test.simulator.invicti;

import io.penstock.test.simulator.parts.Expected;
import io.penstock.test.simulator.parts.RecordCopy;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * The limits of the API, and switches for the points that its documentation contradicts or leaves open. Start from
 * {@link #documented()} and change single values.
 *
 * @param requestsPerWindow requests per window and subject; 100 as in the sample headers, which is an illustration
 * @param rateWindow length of the window; undocumented. It is also undocumented that the window is fixed and starts
 *     with the first request
 * @param quotaSubject subject whose requests are counted together; undocumented
 * @param quotaHeaders whether responses have the {@code X-RateLimit-…} headers (page "s1-handle-responses")
 * @param retryHint place of the {@code retryAfter} in a 429 or 503; undocumented
 * @param retryAfter hint of a scripted 429 or 503, rounded up to seconds; undocumented. A 429 of the window states the
 *     time until the window ends
 * @param errorShape shape of an error body; documented for a 400 only
 * @param requestIdInEveryError whether errors other than a 500 also have a {@code requestId}; undocumented
 * @param keyFormat format of an API key; the pages differ
 * @param basePath prefix of every path, as behind the proxy of an on-premises installation: {@code /invicti}; empty by
 *     default
 * @param dastPrefix path prefix of targets, scans and reports; the pages differ
 * @param idForm form of identifiers; the pages differ
 * @param timestampForm form of timestamps; the pages differ
 * @param listShapes shapes of the lists that differ from their page
 * @param lastPage value in place of the next cursor on a last page; undocumented
 * @param listFlaw a defect of the lists; none by default
 * @param pageSizeLimit largest page, whatever size a request asks for; undocumented
 * @param createAnswer content of a 201; the pages differ
 * @param locationForm form of the server's own addresses; undocumented
 * @param scanAnswer response to the start of a scan; the pages differ
 * @param pollsUntilDone number of the poll that finds a scan or report completed, 1 for the first; 0 to leave it to the
 *     test
 * @param capitalizedEnums whether an importer's {@code type} and {@code status} are returned as {@code Aws_api_gateway}
 *     and {@code Active} after a request with {@code aws_api_gateway} and {@code active} (page "api-importers-api")
 * @param clock clock of the windows and of the timestamps in bodies
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

    /** Checks the values and copies the map. */
    public InvictiRules {
        Expected.that(requestsPerWindow >= 1, "requestsPerWindow", requestsPerWindow, ">= 1");
        Expected.that(rateWindow.compareTo(Duration.ZERO) > 0, "rateWindow", rateWindow, "> 0");
        Expected.that(!retryAfter.isNegative(), "retryAfter", retryAfter, ">= 0");
        Expected.that(pageSizeLimit >= 1, "pageSizeLimit", pageSizeLimit, ">= 1");
        Expected.that(pollsUntilDone >= 0, "pollsUntilDone", pollsUntilDone, ">= 0");
        Expected.that(
                basePath.isEmpty() || (basePath.startsWith("/") && !basePath.endsWith("/")),
                "basePath",
                basePath,
                "nothing, or a path that begins with a slash and does not end with one");
        listShapes = Map.copyOf(listShapes);
    }

    /** Returns the documented rules. Where the documentation is silent, the most likely behavior applies. */
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

    /** Returns the shape of a list under these rules. */
    public ListShape listShape(Listing listing) {
        return listShapes.getOrDefault(listing, listing.documented());
    }

    /** Returns a copy with another {@link #requestsPerWindow()}. */
    public InvictiRules withRequestsPerWindow(int requestsPerWindow) {
        return RecordCopy.with(this, "requestsPerWindow", requestsPerWindow);
    }

    /** Returns a copy with another {@link #rateWindow()}. */
    public InvictiRules withRateWindow(Duration rateWindow) {
        return RecordCopy.with(this, "rateWindow", rateWindow);
    }

    /** Returns a copy with another {@link #quotaSubject()}. */
    public InvictiRules withQuotaSubject(QuotaSubject quotaSubject) {
        return RecordCopy.with(this, "quotaSubject", quotaSubject);
    }

    /** Returns a copy with another {@link #quotaHeaders()}. */
    public InvictiRules withQuotaHeaders(boolean quotaHeaders) {
        return RecordCopy.with(this, "quotaHeaders", quotaHeaders);
    }

    /** Returns a copy with another {@link #retryHint()}. */
    public InvictiRules withRetryHint(RetryHint retryHint) {
        return RecordCopy.with(this, "retryHint", retryHint);
    }

    /** Returns a copy with another {@link #retryAfter()}. */
    public InvictiRules withRetryAfter(Duration retryAfter) {
        return RecordCopy.with(this, "retryAfter", retryAfter);
    }

    /** Returns a copy with another {@link #errorShape()}. */
    public InvictiRules withErrorShape(ErrorShape errorShape) {
        return RecordCopy.with(this, "errorShape", errorShape);
    }

    /** Returns a copy with another {@link #requestIdInEveryError()}. */
    public InvictiRules withRequestIdInEveryError(boolean requestIdInEveryError) {
        return RecordCopy.with(this, "requestIdInEveryError", requestIdInEveryError);
    }

    /** Returns a copy with another {@link #keyFormat()}. */
    public InvictiRules withKeyFormat(KeyFormat keyFormat) {
        return RecordCopy.with(this, "keyFormat", keyFormat);
    }

    /** Returns a copy with another {@link #basePath()}. */
    public InvictiRules withBasePath(String basePath) {
        return RecordCopy.with(this, "basePath", basePath);
    }

    /** Returns a copy with another {@link #dastPrefix()}. */
    public InvictiRules withDastPrefix(DastPrefix dastPrefix) {
        return RecordCopy.with(this, "dastPrefix", dastPrefix);
    }

    /** Returns a copy with another {@link #idForm()}. */
    public InvictiRules withIdForm(IdForm idForm) {
        return RecordCopy.with(this, "idForm", idForm);
    }

    /** Returns a copy with another {@link #timestampForm()}. */
    public InvictiRules withTimestampForm(TimestampForm timestampForm) {
        return RecordCopy.with(this, "timestampForm", timestampForm);
    }

    /** Returns a copy with another {@link #listShape(Listing)}. */
    public InvictiRules withListShape(Listing listing, ListShape shape) {
        Map<Listing, ListShape> changed = new EnumMap<>(Listing.class);
        changed.putAll(listShapes);
        changed.put(listing, shape);
        return RecordCopy.with(this, "listShapes", changed);
    }

    /** Returns a copy with another {@link #lastPage()}. */
    public InvictiRules withLastPage(LastPage lastPage) {
        return RecordCopy.with(this, "lastPage", lastPage);
    }

    /** Returns a copy with another {@link #listFlaw()}. */
    public InvictiRules withListFlaw(ListFlaw listFlaw) {
        return RecordCopy.with(this, "listFlaw", listFlaw);
    }

    /** Returns a copy with another {@link #pageSizeLimit()}. */
    public InvictiRules withPageSizeLimit(int pageSizeLimit) {
        return RecordCopy.with(this, "pageSizeLimit", pageSizeLimit);
    }

    /** Returns a copy with another {@link #createAnswer()}. */
    public InvictiRules withCreateAnswer(CreateAnswer createAnswer) {
        return RecordCopy.with(this, "createAnswer", createAnswer);
    }

    /** Returns a copy with another {@link #locationForm()}. */
    public InvictiRules withLocationForm(LocationForm locationForm) {
        return RecordCopy.with(this, "locationForm", locationForm);
    }

    /** Returns a copy with another {@link #scanAnswer()}. */
    public InvictiRules withScanAnswer(ScanAnswer scanAnswer) {
        return RecordCopy.with(this, "scanAnswer", scanAnswer);
    }

    /** Returns a copy with another {@link #pollsUntilDone()}. */
    public InvictiRules withPollsUntilDone(int pollsUntilDone) {
        return RecordCopy.with(this, "pollsUntilDone", pollsUntilDone);
    }

    /** Returns a copy with another {@link #capitalizedEnums()}. */
    public InvictiRules withCapitalizedEnums(boolean capitalizedEnums) {
        return RecordCopy.with(this, "capitalizedEnums", capitalizedEnums);
    }

    /** Returns a copy with another {@link #clock()}. */
    public InvictiRules withClock(Clock clock) {
        return RecordCopy.with(this, "clock", clock);
    }
}
