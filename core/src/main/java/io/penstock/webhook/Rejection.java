package io.penstock.webhook;

/** Why a delivery is not believed. Nothing of it tells what a right one would look like. */
public enum Rejection {
    /** There is no signature header, or an empty one. */
    SIGNATURE_MISSING(401),
    /** The header is not made of elements, has no time or two of them, no signature or too many, or is too long. */
    SIGNATURE_MALFORMED(400),
    /** No signature was made with one of the secrets over these bytes. */
    SIGNATURE_WRONG(401),
    /** Signed longer ago than the tolerance allows: perhaps somebody sends again what he has overheard. */
    TOO_OLD(401),
    /** Signed further ahead of this clock than the tolerance allows. */
    TOO_NEW(401),
    /** Signed as it should be, but the body is not an event. */
    EVENT_MALFORMED(400);

    private final int status;

    Rejection(int status) {
        this.status = status;
    }

    /** The status to answer with. */
    public int status() {
        return status;
    }
}
