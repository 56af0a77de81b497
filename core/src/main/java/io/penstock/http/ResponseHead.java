package io.penstock.http;

/**
 * What arrives before the body.
 *
 * @param status the HTTP status
 * @param headers the headers
 */
public record ResponseHead(int status, Headers headers) {

    /** Whether the status says success. */
    public boolean success() {
        return status >= 200 && status < 300;
    }
}
