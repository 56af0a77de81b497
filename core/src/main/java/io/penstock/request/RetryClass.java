package io.penstock.request;

/** The effect of sending a request twice. */
public enum RetryClass {
    /** None: GET, HEAD, OPTIONS, PUT, DELETE, or an operation that its vendor or caller marks as idempotent. */
    IDEMPOTENT,
    /** None, because the server recognises the idempotency key that every attempt carries. */
    KEYED,
    /** It could act twice: POST or PATCH without a key. */
    UNSAFE
}
