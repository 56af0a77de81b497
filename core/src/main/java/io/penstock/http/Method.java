package io.penstock.http;

/** The request methods of RFC 9110 §9 and RFC 5789 that an API client sends. */
public enum Method {
    /** Requests a representation of the resource (RFC 9110 §9.3.1). */
    GET,
    /** Requests the head of the response to GET alone (RFC 9110 §9.3.2). */
    HEAD,
    /** Requests the communication options of the resource (RFC 9110 §9.3.7). */
    OPTIONS,
    /** Replaces the state of the resource (RFC 9110 §9.3.4). */
    PUT,
    /** Removes the resource (RFC 9110 §9.3.6). */
    DELETE,
    /** Has the resource process the body (RFC 9110 §9.3.3). */
    POST,
    /** Applies a set of changes to the resource (RFC 5789). */
    PATCH;

    /** Returns whether the method is idempotent by definition (RFC 9110 §9.2.2). */
    public boolean idempotent() {
        return this != POST && this != PATCH;
    }
}
