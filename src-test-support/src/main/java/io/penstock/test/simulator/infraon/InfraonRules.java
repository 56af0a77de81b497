package io.penstock.test.simulator.infraon;

import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
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
        require(
                tokenLifetime.compareTo(Duration.ZERO) > 0 && tokenLifetime.compareTo(LONGEST) <= 0,
                "tokenLifetime",
                tokenLifetime,
                "> 0 and <= " + LONGEST);
        require(
                incorrectLoginStatus >= 400 && incorrectLoginStatus <= 499,
                "incorrectLoginStatus",
                incorrectLoginStatus,
                "400 to 499");
        require(maxPageLimit >= 1, "maxPageLimit", maxPageLimit, ">= 1");
        require(
                linkOrigin.isEmpty() || linkOrigin.matches("https?://[^/]+"),
                "linkOrigin",
                linkOrigin,
                "empty or scheme://host");
        require(ID_MEMBERS.contains(rowIdMember), "rowIdMember", rowIdMember, String.join(" or ", ID_MEMBERS));
        require(requestsPerWindow >= 0, "requestsPerWindow", requestsPerWindow, ">= 0");
        require(rateWindow.compareTo(Duration.ZERO) > 0, "rateWindow", rateWindow, "> 0");
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
        Draft draft = new Draft(this);
        draft.quirks.addAll(Arrays.asList(quirks));
        return draft.rules();
    }

    /** Returns a copy with these {@link #quirks()} removed. */
    public InfraonRules without(Quirk... quirks) {
        Draft draft = new Draft(this);
        Arrays.asList(quirks).forEach(draft.quirks::remove);
        return draft.rules();
    }

    boolean has(Quirk quirk) {
        return quirks.contains(quirk);
    }

    /** Returns a copy with another {@link #keyForm()}. */
    public InfraonRules withKeyForm(KeyForm keyForm) {
        Draft draft = new Draft(this);
        draft.keyForm = keyForm;
        return draft.rules();
    }

    /** Returns a copy with another {@link #tokenLifetime()}. */
    public InfraonRules withTokenLifetime(Duration tokenLifetime) {
        Draft draft = new Draft(this);
        draft.tokenLifetime = tokenLifetime;
        return draft.rules();
    }

    /** Returns a copy with another {@link #tokenPrefix()}. */
    public InfraonRules withTokenPrefix(String tokenPrefix) {
        Draft draft = new Draft(this);
        draft.tokenPrefix = tokenPrefix;
        return draft.rules();
    }

    /** Returns a copy with another {@link #incorrectLoginStatus()}. */
    public InfraonRules withIncorrectLoginStatus(int incorrectLoginStatus) {
        Draft draft = new Draft(this);
        draft.incorrectLoginStatus = incorrectLoginStatus;
        return draft.rules();
    }

    /** Returns a copy with another {@link #maxPageLimit()}. */
    public InfraonRules withMaxPageLimit(int maxPageLimit) {
        Draft draft = new Draft(this);
        draft.maxPageLimit = maxPageLimit;
        return draft.rules();
    }

    /** Returns a copy with another {@link #linkOrigin()}. */
    public InfraonRules withLinkOrigin(String linkOrigin) {
        Draft draft = new Draft(this);
        draft.linkOrigin = linkOrigin;
        return draft.rules();
    }

    /** Returns a copy with another {@link #rowIdMember()}. */
    public InfraonRules withRowIdMember(String rowIdMember) {
        Draft draft = new Draft(this);
        draft.rowIdMember = rowIdMember;
        return draft.rules();
    }

    /** Returns a copy with another {@link #createdBody()}. */
    public InfraonRules withCreatedBody(CreatedBody createdBody) {
        Draft draft = new Draft(this);
        draft.createdBody = createdBody;
        return draft.rules();
    }

    /** Returns a copy with another {@link #resultMessage()}. */
    public InfraonRules withResultMessage(ResultMessage resultMessage) {
        Draft draft = new Draft(this);
        draft.resultMessage = resultMessage;
        return draft.rules();
    }

    /** Returns a copy with another {@link #osImageContentType()}. */
    public InfraonRules withOsImageContentType(String osImageContentType) {
        Draft draft = new Draft(this);
        draft.osImageContentType = osImageContentType;
        return draft.rules();
    }

    /** Returns a copy with another {@link #requestsPerWindow()}. */
    public InfraonRules withRequestsPerWindow(int requestsPerWindow) {
        Draft draft = new Draft(this);
        draft.requestsPerWindow = requestsPerWindow;
        return draft.rules();
    }

    /** Returns a copy with another {@link #rateWindow()}. */
    public InfraonRules withRateWindow(Duration rateWindow) {
        Draft draft = new Draft(this);
        draft.rateWindow = rateWindow;
        return draft.rules();
    }

    /** Returns a copy with another {@link #clock()}. */
    public InfraonRules withClock(Clock clock) {
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
        private KeyForm keyForm;
        private Duration tokenLifetime;
        private String tokenPrefix;
        private int incorrectLoginStatus;
        private int maxPageLimit;
        private String linkOrigin;
        private String rowIdMember;
        private CreatedBody createdBody;
        private ResultMessage resultMessage;
        private String osImageContentType;
        private int requestsPerWindow;
        private Duration rateWindow;
        private final Set<Quirk> quirks = EnumSet.noneOf(Quirk.class);
        private Clock clock;

        Draft(InfraonRules rules) {
            keyForm = rules.keyForm;
            tokenLifetime = rules.tokenLifetime;
            tokenPrefix = rules.tokenPrefix;
            incorrectLoginStatus = rules.incorrectLoginStatus;
            maxPageLimit = rules.maxPageLimit;
            linkOrigin = rules.linkOrigin;
            rowIdMember = rules.rowIdMember;
            createdBody = rules.createdBody;
            resultMessage = rules.resultMessage;
            osImageContentType = rules.osImageContentType;
            requestsPerWindow = rules.requestsPerWindow;
            rateWindow = rules.rateWindow;
            quirks.addAll(rules.quirks);
            clock = rules.clock;
        }

        InfraonRules rules() {
            return new InfraonRules(
                    keyForm,
                    tokenLifetime,
                    tokenPrefix,
                    incorrectLoginStatus,
                    maxPageLimit,
                    linkOrigin,
                    rowIdMember,
                    createdBody,
                    resultMessage,
                    osImageContentType,
                    requestsPerWindow,
                    rateWindow,
                    quirks,
                    clock);
        }
    }
}
