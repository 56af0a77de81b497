package io.penstock.test.simulator.invicti;

/** What the body of an error looks like. Only that of a 400 is documented; a client must take them all. */
public enum ErrorShape {
    /** {@code {"error":"NotFound","message":"…"}}, as the documented 400 has it. */
    NAMED,
    /** {@code {"code":404,"reason":"…","details":["…"]}}, inferred from the API's lineage; the 400 too. */
    CODED,
    /** The same with an object under {@code details}: text by field. */
    CODED_OBJECT,
    /** {@code {}}; the 400 as documented. */
    EMPTY_OBJECT,
    /** No body at all; the 400 as documented. */
    EMPTY,
    /** The reason phrase as {@code text/plain}; the 400 as documented. */
    TEXT
}
