package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.parts.Expected;
import io.penstock.test.simulator.parts.RecordCopy;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Choices for the points that the API's guide leaves open or contradicts. A choice with two sides is a {@link Quirk},
 * any other is a component. Start from {@link #documented()} and change single values.
 *
 * @param keyForm form of an API key in a request; {@link KeyForm#SCHEME} (page "authorization")
 * @param tokenLifetime lifetime of the token of a login; a day, undocumented
 * @param tokenPrefix prefix of a token, which may be a word and a space; empty, undocumented
 * @param incorrectLoginStatus status of a login with a wrong name or password: 400 to 499; 401, undocumented
 * @param maxPageLimit maximum number of rows of a page, whatever size a request asks for; 100, undocumented
 * @param linkOrigin origin of {@code next} and {@code previous}, such as {@code http://10.0.0.1} behind a proxy; empty
 *     for the host of the request
 * @param rowIdMember the member of an incident's row with the id for the paths: {@code incident_id}, {@code id} or
 *     {@code uuid}
 * @param createdBody body of a 201 that answers a POST; {@link CreatedBody#BY_RESOURCE}
 * @param resultMessage name of the member with the text of a result; {@link ResultMessage#BOTH}
 * @param osImageContentType media type of the OS image download; {@code application/octet-stream}, undocumented
 * @param requestsPerWindow requests per window and credential, 0 for no limit; 0, undocumented
 * @param rateWindow length of that window, which is fixed and starts with the first request; 1 minute, undocumented
 * @param quirks active quirks, the second sides of the contradictions; none
 * @param clock clock of lifetimes, windows and timestamps in bodies
 */
public record InfraonRules(
        KeyForm keyForm,
        Duration tokenLifetime,
        String tokenPrefix,
        int incorrectLoginStatus,
        int maxPageLimit,
        String linkOrigin,
        String rowIdMember,
        CreatedBody createdBody,
        ResultMessage resultMessage,
        String osImageContentType,
        int requestsPerWindow,
        Duration rateWindow,
        Set<Quirk> quirks,
        Clock clock) {

    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final List<String> ID_MEMBERS = List.of("incident_id", "id", "uuid");

    /** Checks the values and copies the set of quirks. */
    public InfraonRules {
        Expected.that(
                tokenLifetime.compareTo(Duration.ZERO) > 0 && tokenLifetime.compareTo(LONGEST) <= 0,
                "tokenLifetime",
                tokenLifetime,
                "> 0 and <= " + LONGEST);
        Expected.that(
                incorrectLoginStatus >= 400 && incorrectLoginStatus <= 499,
                "incorrectLoginStatus",
                incorrectLoginStatus,
                "400 to 499");
        Expected.that(maxPageLimit >= 1, "maxPageLimit", maxPageLimit, ">= 1");
        Expected.that(
                linkOrigin.isEmpty() || linkOrigin.matches("https?://[^/]+"),
                "linkOrigin",
                linkOrigin,
                "empty or scheme://host");
        Expected.that(ID_MEMBERS.contains(rowIdMember), "rowIdMember", rowIdMember, String.join(" or ", ID_MEMBERS));
        Expected.that(requestsPerWindow >= 0, "requestsPerWindow", requestsPerWindow, ">= 0");
        Expected.that(rateWindow.compareTo(Duration.ZERO) > 0, "rateWindow", rateWindow, "> 0");
        quirks = Set.copyOf(quirks);
    }

    /** Returns the behavior that clients of the API see, or that of the guide where no client has seen any. */
    public static InfraonRules documented() {
        return new InfraonRules(
                KeyForm.SCHEME,
                Duration.ofDays(1),
                "",
                401,
                100,
                "",
                "incident_id",
                CreatedBody.BY_RESOURCE,
                ResultMessage.BOTH,
                "application/octet-stream",
                0,
                Duration.ofMinutes(1),
                Set.of(),
                Clock.systemUTC());
    }

    /** Returns a copy with these {@link #quirks()} added. */
    public InfraonRules with(Quirk... quirks) {
        Set<Quirk> more = new HashSet<>(this.quirks);
        more.addAll(Arrays.asList(quirks));
        return RecordCopy.with(this, "quirks", more);
    }

    /** Returns a copy with these {@link #quirks()} removed. */
    public InfraonRules without(Quirk... quirks) {
        Set<Quirk> fewer = new HashSet<>(this.quirks);
        Arrays.asList(quirks).forEach(fewer::remove);
        return RecordCopy.with(this, "quirks", fewer);
    }

    boolean has(Quirk quirk) {
        return quirks.contains(quirk);
    }

    /** Returns a copy with another {@link #keyForm()}. */
    public InfraonRules withKeyForm(KeyForm keyForm) {
        return RecordCopy.with(this, "keyForm", keyForm);
    }

    /** Returns a copy with another {@link #tokenLifetime()}. */
    public InfraonRules withTokenLifetime(Duration tokenLifetime) {
        return RecordCopy.with(this, "tokenLifetime", tokenLifetime);
    }

    /** Returns a copy with another {@link #tokenPrefix()}. */
    public InfraonRules withTokenPrefix(String tokenPrefix) {
        return RecordCopy.with(this, "tokenPrefix", tokenPrefix);
    }

    /** Returns a copy with another {@link #incorrectLoginStatus()}. */
    public InfraonRules withIncorrectLoginStatus(int incorrectLoginStatus) {
        return RecordCopy.with(this, "incorrectLoginStatus", incorrectLoginStatus);
    }

    /** Returns a copy with another {@link #maxPageLimit()}. */
    public InfraonRules withMaxPageLimit(int maxPageLimit) {
        return RecordCopy.with(this, "maxPageLimit", maxPageLimit);
    }

    /** Returns a copy with another {@link #linkOrigin()}. */
    public InfraonRules withLinkOrigin(String linkOrigin) {
        return RecordCopy.with(this, "linkOrigin", linkOrigin);
    }

    /** Returns a copy with another {@link #rowIdMember()}. */
    public InfraonRules withRowIdMember(String rowIdMember) {
        return RecordCopy.with(this, "rowIdMember", rowIdMember);
    }

    /** Returns a copy with another {@link #createdBody()}. */
    public InfraonRules withCreatedBody(CreatedBody createdBody) {
        return RecordCopy.with(this, "createdBody", createdBody);
    }

    /** Returns a copy with another {@link #resultMessage()}. */
    public InfraonRules withResultMessage(ResultMessage resultMessage) {
        return RecordCopy.with(this, "resultMessage", resultMessage);
    }

    /** Returns a copy with another {@link #osImageContentType()}. */
    public InfraonRules withOsImageContentType(String osImageContentType) {
        return RecordCopy.with(this, "osImageContentType", osImageContentType);
    }

    /** Returns a copy with another {@link #requestsPerWindow()}. */
    public InfraonRules withRequestsPerWindow(int requestsPerWindow) {
        return RecordCopy.with(this, "requestsPerWindow", requestsPerWindow);
    }

    /** Returns a copy with another {@link #rateWindow()}. */
    public InfraonRules withRateWindow(Duration rateWindow) {
        return RecordCopy.with(this, "rateWindow", rateWindow);
    }

    /** Returns a copy with another {@link #clock()}. */
    public InfraonRules withClock(Clock clock) {
        return RecordCopy.with(this, "clock", clock);
    }
}
