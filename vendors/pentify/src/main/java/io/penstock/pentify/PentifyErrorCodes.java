package io.penstock.pentify;

import io.penstock.error.ApiException;

/**
 * The stable codes of Pentify's errors. Page "errors" asks clients to switch on {@link ApiException#code()}:
 *
 * <pre>{@code
 * switch (String.valueOf(e.code())) {
 *     case PentifyErrorCodes.INSUFFICIENT_TOKENS -> topUp();
 *     default -> giveUp(e);
 * }
 * }</pre>
 *
 * <p>New codes may be added at any time. They are kept as data, and {@link ApiException#kind()} then follows the
 * status. Each of these codes also has a class, see {@link PentifyException}. {@code internal_error} and the two codes
 * of the pairing are from pages "terminal/commands" and "terminal/troubleshooting".
 */
public final class PentifyErrorCodes {

    /** 400: the form or the values of the request were refused. */
    public static final String VALIDATION_ERROR = "validation_error";

    /** 401: the key is missing, unknown or revoked. */
    public static final String INVALID_API_KEY = "invalid_api_key";

    /** 402: the workspace has fewer tokens than the operation costs. */
    public static final String INSUFFICIENT_TOKENS = "insufficient_tokens";

    /** 403: the key lacks the scope of the operation. */
    public static final String INSUFFICIENT_SCOPE = "insufficient_scope";

    /** 403 or 409: the target must be verified first. */
    public static final String TARGET_NOT_VERIFIED = "target_not_verified";

    /** 404: the object does not exist, or this key cannot see it. */
    public static final String NOT_FOUND = "not_found";

    /** 404 of the pairing poll: not paired yet; poll again. */
    public static final String NOT_PAIRED_YET = "not_paired_yet";

    /** 409: the request conflicts with the current state. */
    public static final String CONFLICT = "conflict";

    /** 410 of the pairing poll: start the pairing over. */
    public static final String PAIRING_CONSUMED = "pairing_consumed";

    /** 422: understood but refused, such as an unsupported scan type. */
    public static final String UNPROCESSABLE = "unprocessable";

    /** 429: too many requests. */
    public static final String RATE_LIMITED = "rate_limited";

    /** 500: the server failed. */
    public static final String SERVER_ERROR = "server_error";

    /** 5xx: the server failed; worth one retry. */
    public static final String INTERNAL_ERROR = "internal_error";

    /** 503: the scan engine is unavailable. */
    public static final String ENGINE_UNAVAILABLE = "engine_unavailable";

    private PentifyErrorCodes() {}
}
