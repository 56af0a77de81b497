package io.penstock.http;

/**
 * The status and headers that arrive before the body.
 *
 * @param status the HTTP status
 * @param headers the headers
 */
public record ResponseHead(int status, Headers headers) {

    /** Returns whether the status is 2xx. */
    public boolean success() {
        return status >= 200 && status < 300;
    }
}
