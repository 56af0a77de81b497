package io.penstock.pentify;

import io.penstock.error.ApiException;
import io.penstock.error.Failure;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A failure reported by Pentify. Each documented code has a class. This class itself stands for codes that are newer
 * than this library (the vendor announces new codes as additive changes) and for responses without a code. The codes
 * are constants of {@link PentifyErrorCodes}. The names are those of the vendor's SDKs without the suffix
 * {@code Error}: {@link InsufficientTokens} is their {@code InsufficientTokensError}. Failures without a response (no
 * connection, timeout, an invalid request) are plain {@link ApiException}s.
 */
public class PentifyException extends ApiException {

    private static final long serialVersionUID = 1L;

    PentifyException(Failure failure) {
        super(failure);
    }

    /**
     * Creates the exception for a code. The status does not matter: {@code target_not_verified} comes with 403 and with
     * 409.
     */
    static PentifyException of(Failure failure) {
        String code = failure.code();
        if (code == null) {
            return new PentifyException(failure);
        }
        return switch (code) {
            case PentifyErrorCodes.VALIDATION_ERROR -> new ValidationError(failure);
            case PentifyErrorCodes.INVALID_API_KEY -> new InvalidApiKey(failure);
            case PentifyErrorCodes.INSUFFICIENT_SCOPE -> new InsufficientScope(failure);
            case PentifyErrorCodes.TARGET_NOT_VERIFIED -> new TargetNotVerified(failure);
            case PentifyErrorCodes.NOT_FOUND -> new NotFound(failure);
            case PentifyErrorCodes.NOT_PAIRED_YET -> new NotPairedYet(failure);
            case PentifyErrorCodes.CONFLICT -> new Conflict(failure);
            case PentifyErrorCodes.PAIRING_CONSUMED -> new PairingConsumed(failure);
            case PentifyErrorCodes.UNPROCESSABLE -> new Unprocessable(failure);
            case PentifyErrorCodes.RATE_LIMITED -> new RateLimited(failure);
            case PentifyErrorCodes.SERVER_ERROR -> new ServerError(failure);
            case PentifyErrorCodes.INTERNAL_ERROR -> new InternalServerError(failure);
            case PentifyErrorCodes.ENGINE_UNAVAILABLE -> new EngineUnavailable(failure);
            case PentifyErrorCodes.INSUFFICIENT_TOKENS -> new InsufficientTokens(failure);
            default -> new PentifyException(failure);
        };
    }

    /** 402: the workspace has fewer tokens than the operation costs. Never retried: the tokens must be topped up. */
    public static final class InsufficientTokens extends PentifyException {
        private static final long serialVersionUID = 1L;

        private InsufficientTokens(Failure failure) {
            super(failure);
        }

        /** Returns the cost of the operation in tokens, or null if the server does not state it. */
        public @Nullable BigDecimal required() {
            return number("required");
        }

        /** Returns the workspace's balance in tokens, or null if the server does not state it. */
        public @Nullable BigDecimal balance() {
            return number("balance");
        }

        /** Returns the address for topping up, or null if the server does not state it. */
        public @Nullable String topUpUrl() {
            JsonNode url = details().path("top_up_url");
            return url.isString() ? url.asString() : null;
        }

        private @Nullable BigDecimal number(String member) {
            JsonNode node = details().path(member);
            return node.isNumber() ? node.decimalValue() : null;
        }
    }

    /** 400: the form or the values of the request were refused; see {@link #details()}. */
    public static final class ValidationError extends PentifyException {
        private static final long serialVersionUID = 1L;

        private ValidationError(Failure failure) {
            super(failure);
        }
    }

    /** 401: the key is missing, unknown or revoked. Never retried. */
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

    /** 403 on one page, 409 on another: the target must be verified first. */
    public static final class TargetNotVerified extends PentifyException {
        private static final long serialVersionUID = 1L;

        private TargetNotVerified(Failure failure) {
            super(failure);
        }
    }

    /** 404: the object does not exist, or this key cannot see it. */
    public static final class NotFound extends PentifyException {
        private static final long serialVersionUID = 1L;

        private NotFound(Failure failure) {
            super(failure);
        }
    }

    /** 404 of the pairing poll: not an error; poll again. */
    public static final class NotPairedYet extends PentifyException {
        private static final long serialVersionUID = 1L;

        private NotPairedYet(Failure failure) {
            super(failure);
        }
    }

    /** 409: the request conflicts with the current state. Never retried. */
    public static final class Conflict extends PentifyException {
        private static final long serialVersionUID = 1L;

        private Conflict(Failure failure) {
            super(failure);
        }
    }

    /** 410 of the pairing poll: the token was already issued; start the pairing over. */
    public static final class PairingConsumed extends PentifyException {
        private static final long serialVersionUID = 1L;

        private PairingConsumed(Failure failure) {
            super(failure);
        }
    }

    /** 422: understood but refused, such as an unsupported scan type. */
    public static final class Unprocessable extends PentifyException {
        private static final long serialVersionUID = 1L;

        private Unprocessable(Failure failure) {
            super(failure);
        }
    }

    /** 429: too many requests; {@link #retryAfter()} is the wait. */
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

    /** 503: the scan engine is unavailable. */
    public static final class EngineUnavailable extends PentifyException {
        private static final long serialVersionUID = 1L;

        private EngineUnavailable(Failure failure) {
            super(failure);
        }
    }
}
