package io.penstock.webhook;

/** The reason why a delivery is rejected. It gives no hint of what a valid delivery would look like. */
public enum Rejection {
    /** There is no signature header, or an empty one. */
    SIGNATURE_MISSING(401),
    /**
     * The header does not consist of elements, has no time or two of them, no signature or too many, or is too long.
     */
    SIGNATURE_MALFORMED(400),
    /** No signature matches these bytes with any of the secrets. */
    SIGNATURE_WRONG(401),
    /** The time of signing is further back than the tolerance allows: possibly a replay. */
    TOO_OLD(401),
    /** The time of signing is further ahead of this clock than the tolerance allows. */
    TOO_NEW(401),
    /** The signature is valid, but the body is not an event. */
    EVENT_MALFORMED(400);

    private final int status;

    Rejection(int status) {
        this.status = status;
    }

    /** Returns the status to respond with. */
    public int status() {
        return status;
    }
}
