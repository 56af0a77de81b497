package io.penstock.http;

/** The request methods of RFC 9110 §9 and RFC 5789 that an API client sends. */
public enum Method {
    GET,
    HEAD,
    OPTIONS,
    PUT,
    DELETE,
    POST,
    PATCH;

    /** Returns whether the method is idempotent by definition (RFC 9110 §9.2.2). */
    public boolean idempotent() {
        return this != POST && this != PATCH;
    }
}
