package io.penstock.pentify;

import io.penstock.ApiException;
import io.penstock.Failure;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A failure that Pentify answered with: one class for each documented code, this class itself for codes that are newer
 * than this library (the vendor announces new ones as additive) and for answers without one. Failures without an answer
 * (no connection, time-out, a bad request) are plain {@link ApiException}s.
 */
public class PentifyException extends ApiException {

    private static final long serialVersionUID = 1L;

    PentifyException(Failure failure) {
        super(failure);
    }

    /** The class follows the code alone: {@code target_not_verified} comes with 403 and with 409. */
    static PentifyException of(Failure failure) {
        String code = failure.code();
        if (code == null) {
            return new PentifyException(failure);
        }
        return switch (code) {
            case "validation_error" -> new ValidationError(failure);
            case "invalid_api_key" -> new InvalidApiKey(failure);
            case "insufficient_scope" -> new InsufficientScope(failure);
            case "target_not_verified" -> new TargetNotVerified(failure);
            case "not_found" -> new NotFound(failure);
            case "not_paired_yet" -> new NotPairedYet(failure);
            case "conflict" -> new Conflict(failure);
            case "pairing_consumed" -> new PairingConsumed(failure);
            case "unprocessable" -> new Unprocessable(failure);
            case "rate_limited" -> new RateLimited(failure);
            case "server_error" -> new ServerError(failure);
            case "internal_error" -> new InternalServerError(failure);
            case "engine_unavailable" -> new EngineUnavailable(failure);
            case "insufficient_tokens" -> new InsufficientTokens(failure);
            default -> new PentifyException(failure);
        };
    }

    /** 402: the workspace has fewer tokens than the operation costs. Never sent again: somebody has to top up. */
    public static final class InsufficientTokens extends PentifyException {
        private static final long serialVersionUID = 1L;

        private InsufficientTokens(Failure failure) {
            super(failure);
        }

        /** What the operation costs, in tokens; null where the server does not say. */
        public @Nullable BigDecimal required() {
            return number("required");
        }

        /** What the workspace has, in tokens; null where the server does not say. */
        public @Nullable BigDecimal balance() {
            return number("balance");
        }

        /** Where to top up; null where the server does not say. */
        public @Nullable String topUpUrl() {
            JsonNode url = details().path("top_up_url");
            return url.isString() ? url.asString() : null;
        }

        private @Nullable BigDecimal number(String member) {
            JsonNode node = details().path(member);
            return node.isNumber() ? node.decimalValue() : null;
        }
    }

    /** 400: the request's form or values are refused; {@link #details()} tells which. */
    public static final class ValidationError extends PentifyException {
        private static final long serialVersionUID = 1L;

        private ValidationError(Failure failure) {
            super(failure);
        }
    }

    /** 401: the key is missing, unknown or revoked. Final. */
    public static final class InvalidApiKey extends PentifyException {
        private static final long serialVersionUID = 1L;

        private InvalidApiKey(Failure failure) {
            super(failure);
        }
    }

    /** 403: the key lacks the scope of this operation. */
    public static final class InsufficientScope extends PentifyException {
        private static final long serialVersionUID = 1L;

        private InsufficientScope(Failure failure) {
            super(failure);
        }
    }

    /** 403 by one page, 409 by another: the target has to be verified first. */
    public static final class TargetNotVerified extends PentifyException {
        private static final long serialVersionUID = 1L;

        private TargetNotVerified(Failure failure) {
            super(failure);
        }
    }

    /** 404: there is no such thing, or this key cannot see it. */
    public static final class NotFound extends PentifyException {
        private static final long serialVersionUID = 1L;

        private NotFound(Failure failure) {
            super(failure);
        }
    }

    /** 404 of the pairing poll: not an error, ask again. */
    public static final class NotPairedYet extends PentifyException {
        private static final long serialVersionUID = 1L;

        private NotPairedYet(Failure failure) {
            super(failure);
        }
    }

    /** 409: the request contradicts what is there. Never sent again. */
    public static final class Conflict extends PentifyException {
        private static final long serialVersionUID = 1L;

        private Conflict(Failure failure) {
            super(failure);
        }
    }

    /** 410 of the pairing poll: the token was handed out already; pair anew. */
    public static final class PairingConsumed extends PentifyException {
        private static final long serialVersionUID = 1L;

        private PairingConsumed(Failure failure) {
            super(failure);
        }
    }

    /** 422: understood and refused, such as an unsupported scan type. */
    public static final class Unprocessable extends PentifyException {
        private static final long serialVersionUID = 1L;

        private Unprocessable(Failure failure) {
            super(failure);
        }
    }

    /** 429: too many requests; {@link #retryAfter()} tells how long to wait. */
    public static final class RateLimited extends PentifyException {
        private static final long serialVersionUID = 1L;

        private RateLimited(Failure failure) {
            super(failure);
        }
    }

    /** 500: the server failed. */
    public static final class ServerError extends PentifyException {
        private static final long serialVersionUID = 1L;

        private ServerError(Failure failure) {
            super(failure);
        }
    }

    /** 5xx: the server failed; the vendor advises one retry. */
    public static final class InternalServerError extends PentifyException {
        private static final long serialVersionUID = 1L;

        private InternalServerError(Failure failure) {
            super(failure);
        }
    }

    /** 503: the scan engine cannot serve now. */
    public static final class EngineUnavailable extends PentifyException {
        private static final long serialVersionUID = 1L;

        private EngineUnavailable(Failure failure) {
            super(failure);
        }
    }
}
