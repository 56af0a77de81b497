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

    private static final int NOT_MODIFIED = 304;

    /**
     * Returns whether the resource is unchanged, as the condition of the request asked: a 304 (RFC 9110 §15.4.5), which has
     * no value.
     */
    public boolean isNotModified() {
        return status == NOT_MODIFIED;
    }

    /** Returns the entity tag of the version, with its quotes, or null: for {@code ifNoneMatch} and {@code ifMatch}. */
    public @Nullable String entityTag() {
        return headers.first("etag");
    }

    /** Returns status and journey only: the value may be sensitive. */
    @Override
    public String toString() {
        return "ApiResponse[" + status + ", " + journey + "]";
    }
}
