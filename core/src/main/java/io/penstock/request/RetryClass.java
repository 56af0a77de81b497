package io.penstock.request;

/** What sending a request twice would do. */
public enum RetryClass {
    /** Nothing new: GET, HEAD, OPTIONS, PUT, DELETE, or an operation that its vendor or caller marks so. */
    IDEMPOTENT,
    /** Nothing new, because the server recognises the idempotency key that every attempt carries. */
    KEYED,
    /** It could act twice: POST or PATCH without a key. */
    UNSAFE
}
