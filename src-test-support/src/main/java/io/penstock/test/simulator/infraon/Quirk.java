package io.penstock.test.simulator.infraon;

/**
 * The second side of each contradiction. The first side, without the quirk, is the behavior that clients of the API
 * see, or that of the guide where no client has seen any.
 */
public enum Quirk {
    /** A missing key gets 401, as in the guide's description of 401, and not 403, as in its sample. */
    MISSING_KEY_IS_401,
    /** A login succeeds with {@code {"status":"success"}} and no token. */
    LOGIN_WITHOUT_TOKEN,
    /** A path without its trailing slash gets a 301 to the one with it, and not a 404. Both are undocumented. */
    REDIRECT_TO_SLASH,
    /** Only documented paths exist, and those that a test serves. Otherwise every {@code /ux/<path>/} is a resource. */
    DECLARED_PATHS_ONLY,
    /** Lists are {@code [ … ]} (the module pages) and not {@code {"count":…,"next":…,"previous":…,"results":[ … ]}}. */
    BARE_LISTS,
    /** Lists have a {@code total_pages}, like some on the wire. */
    TOTAL_PAGES,
    /** A list without {@code page} and {@code items_per_page} is refused: the module pages declare them required. */
    PAGING_REQUIRED,
    /** A failed update gets a 400 with the body that otherwise comes with a 200. */
    FAILED_UPDATE_IS_400,
    /** A successful update gets a 200 without a body, like some on the wire. */
    EMPTY_UPDATES,
    /** A DELETE gets 200 and not 204. Neither has a body. */
    DELETE_IS_200,
    /**
     * Conversations can be read, and their operations answer with results. Otherwise none of them answers with a body.
     */
    CONVERSATION_BODIES,
    /** Ids and {@code created_by} are strings and not numbers. */
    TEXT_IDS,
    /** The {@code requester} of a row is {@code {keys,values,queryparam}} (page "incident") and not a person. */
    REQUESTER_AS_LOOKUP,
    /** The {@code dept_head} of a department is returned as it was written, as an array, and not as a string. */
    DEPT_HEAD_AS_ARRAY,
    /** Each of an incident's {@code options} is a map by id and not a list. */
    OPTIONS_AS_MAP,
    /**
     * Undocumented errors are {@code {"error":"…"}}, and not {@code {"detail":"…"}} and {@code {"<field>":["…"]}}, the
     * known forms of the product's framework.
     */
    UNIFORM_ERRORS,
    /** A 429 has no {@code Retry-After}. Undocumented, like the 429 itself. */
    NO_RETRY_AFTER
}
