package io.penstock.example;

import static io.penstock.envelope.ErrorRule.afterAction;
import static io.penstock.envelope.ErrorRule.keyInProgress;
import static io.penstock.envelope.ErrorRule.keyReused;
import static io.penstock.envelope.ErrorRule.permanent;
import static io.penstock.envelope.ErrorRule.transientError;

import io.penstock.auth.CredentialScheme;
import io.penstock.body.FailureSign;
import io.penstock.envelope.ErrorModel;
import io.penstock.envelope.ErrorRule;
import io.penstock.envelope.ErrorShape;
import io.penstock.envelope.ErrorTable;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.ratelimit.DeclaredLimit;
import io.penstock.ratelimit.HeaderFamily;
import io.penstock.ratelimit.QuotaModel;
import io.penstock.request.KeyPlacement;
import io.penstock.spec.Vendor;
import io.penstock.spec.VendorSpec;
import java.time.Duration;
import java.util.Map;

/** The spec of the Lumen API. */
public final class LumenVendor implements Vendor {

    // guide: errors
    /** The rules by code. Most errors have status 200. */
    private static final Map<String, ErrorRule> ERRORS = Map.of(
            "bad_request", permanent(ErrorKind.VALIDATION),
            "bad_key", permanent(ErrorKind.AUTHENTICATION).withRemedy("use a key that is not revoked"),
            "no_such_lamp", permanent(ErrorKind.NOT_FOUND),
            "out_of_stock", afterAction(ErrorKind.CONFLICT, "order at most as many as are left"),
            "key_in_progress", keyInProgress(),
            "key_reused", keyReused(),
            "slow_down", transientError(ErrorKind.RATE_LIMITED),
            // The status 200 leaves open whether Lumen acted; its documentation says that it did not.
            "stocktaking", transientError(ErrorKind.UNAVAILABLE).withCertainty(Certainty.REJECTED));
    // guide: end

    // guide: shape
    /** {@code {"ok":false,"reason","code"}}, with {@code "left"} or {@code "retry_after"} for some codes. */
    private static final ErrorShape SHAPE = ErrorShape.messageAt("/reason")
            .withCode("/code")
            .withDetails("/left")
            .withRetryAfter("/retry_after")
            .withFailureSigns(FailureSign.isFalse("ok"));
    // guide: end

    // guide: spec
    static final VendorSpec SPEC = VendorSpec.of(
                    "lumen", "Lumen", "https://api.lumen.example/v1", CredentialScheme.header("X-Api-Key"))
            .withErrors(new ErrorModel(SHAPE, new ErrorTable(ERRORS), LumenException::of))
            .withQuota(QuotaModel.reported(HeaderFamily.xRateLimit())
                    .withLimits(DeclaredLimit.perCredential("key", 100, Duration.ofMinutes(1))))
            .withKeyPlacement(KeyPlacement.header("Idempotency-Key", "orders"));
    // guide: end

    // guide: provider
    @Override
    public VendorSpec spec() {
        return SPEC;
    }
    // guide: end
}
