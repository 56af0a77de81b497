package io.penstock.error;

/** Whether sending the same request again can help at all, whoever does it. */
public enum Retryability {
    /** Time alone may heal it: overload, a lost connection, a time-out. */
    TRANSIENT,
    /** The same request will fail in the same way. */
    PERMANENT,
    /** It succeeds with a fresh credential, which the client fetches by itself, once per call, where its kind allows. */
    AFTER_RENEWAL,
    /** It succeeds once somebody has done something (topped up, verified a target): see {@link ApiException#remedy()}. */
    AFTER_ACTION
}
