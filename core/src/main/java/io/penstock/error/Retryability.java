package io.penstock.error;

/** The prospects of sending the same request again, be it by the client or by its caller. */
public enum Retryability {
    /** Time alone may resolve it: overload, a lost connection, a timeout. */
    TRANSIENT,
    /** The same request will fail in the same way. */
    PERMANENT,
    /**
     * The request succeeds with a fresh credential. The client fetches one by itself, once per call, if the kind of
     * credential allows.
     */
    AFTER_RENEWAL,
    /**
     * The request succeeds after somebody has acted (topped up, verified a target): see {@link ApiException#remedy()}.
     */
    AFTER_ACTION
}
