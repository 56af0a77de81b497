package io.penstock.test.simulator.invicti;

/** The shape of an error body. Only that of a 400 is documented, so a client must accept all of them. */
public enum ErrorShape {
    /** {@code {"error":"NotFound","message":"…"}}, like the documented 400. */
    NAMED,
    /** {@code {"code":404,"reason":"…","details":["…"]}}, inferred from the API's lineage; the 400 too. */
    CODED,
    /** Like {@link #CODED}, but {@code details} is an object: text by field. */
    CODED_OBJECT,
    /** {@code {}}; the 400 as documented. */
    EMPTY_OBJECT,
    /** No body at all; the 400 as documented. */
    EMPTY,
    /** The reason phrase as {@code text/plain}; the 400 as documented. */
    TEXT
}
