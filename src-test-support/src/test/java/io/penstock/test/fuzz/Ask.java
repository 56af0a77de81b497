package io.penstock.test.fuzz;

/** What a call wants. */
enum Ask {
    VALUE,
    REDIRECTED,
    POST,
    POST_KEYED,
    PUT,
    DELETE,
    DOWNLOAD,
    CURSORS,
    NUMBERS,
    OFFSETS,
    ELEMENTS,
    LINES,
    EVENTS,
    POLL;

    boolean hasEffect() {
        return this == POST || this == POST_KEYED || this == PUT || this == DELETE;
    }

    /** Whether doing it twice is doing it once too often. */
    boolean countsEffects() {
        return this == POST || this == POST_KEYED;
    }

    boolean isList() {
        return this == CURSORS || this == NUMBERS || this == OFFSETS;
    }

    /** Whether it may go on for as long as the server has something to tell. */
    boolean isEndless() {
        return isList() || this == ELEMENTS || this == LINES || this == EVENTS;
    }

    /** Whether it is one request, with its retries. */
    boolean isOneCall() {
        return !isEndless() && this != POLL && this != DOWNLOAD;
    }
}
