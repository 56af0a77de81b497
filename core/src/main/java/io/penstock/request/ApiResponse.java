package io.penstock.request;

import io.penstock.error.Journey;
import io.penstock.http.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A decoded answer.
 *
 * @param status the HTTP status, 2xx; or 304 where a conditional request finds nothing changed
 * @param headers the response's headers
 * @param value the decoded payload; null where the answer has none (204, 304, or a request that wants none)
 * @param journey what happened on the way
 * @param <T> the payload's type
 */
public record ApiResponse<T>(
        int status, Headers headers, @Nullable T value, Journey journey) {

    /** Status and journey: the value may hold what nobody should log. */
    @Override
    public String toString() {
        return "ApiResponse[" + status + ", " + journey + "]";
    }
}
