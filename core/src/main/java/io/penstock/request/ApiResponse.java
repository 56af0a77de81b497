package io.penstock.request;

import io.penstock.error.Journey;
import io.penstock.http.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A decoded response.
 *
 * @param status the HTTP status: 2xx, or 304 if a conditional request finds nothing changed
 * @param headers the response's headers
 * @param value the decoded payload; null if the response has none (204, 304, or a request that expects none)
 * @param journey the journey of the call
 * @param <T> the payload's type
 */
public record ApiResponse<T>(
        int status, Headers headers, @Nullable T value, Journey journey) {

    /** Returns status and journey only: the value may be sensitive. */
    @Override
    public String toString() {
        return "ApiResponse[" + status + ", " + journey + "]";
    }
}
