package io.penstock.call;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import io.penstock.pipeline.Call;
import io.penstock.request.KeyLife;
import io.penstock.request.RetryClass;
import org.jspecify.annotations.Nullable;

/** The end of a call, which adds the journey and turns the last error into one that covers all attempts. */
abstract class CallCompletion {

    final Call call;
    final ClientRuntime client;

    CallCompletion(Call call, ClientRuntime client) {
        this.call = call;
        this.client = client;
    }

    /** Returns the operation that the call is part of, or null. */
    abstract @Nullable String parent();

    /** Returns the error of the call, with its journey. */
    final ApiException concluded(Throwable error) {
        ApiException failed = ofAllAttempts(ofThisCall(error));
        KeyLife life = call.plan().keyLife();
        boolean actsOnce =
                call.plan().retryClass() != RetryClass.UNSAFE && (life == null || !life.isOver(call.nowNanos()));
        return failed.conclude(journey(failed.failure().message()), call.retryAt(), actsOnce);
    }

    /**
     * Returns the error as a failure of this call. An untyped error, or one that already ended another call, came from
     * a user's operator.
     */
    private ApiException ofThisCall(Throwable error) {
        boolean typed = error instanceof ApiException known && known.journey() == Journey.none();
        return typed
                ? (ApiException) error
                : new ApiException(Failure.of(
                                ErrorKind.OPERATOR_FAILED,
                                call.certainty(),
                                Retryability.PERMANENT,
                                "an operator failed with " + error.getClass().getSimpleName() + " (see the cause)")
                        .withCause(error));
    }

    /**
     * Returns the error with the certainty of all attempts: a refusal of the last attempt says nothing about the effect
     * of an earlier one.
     */
    private ApiException ofAllAttempts(ApiException last) {
        Certainty known = call.certaintyWith(last.failure());
        if (known == last.certainty()) {
            return last;
        }
        Failure whole = known.compareTo(last.certainty()) > 0 && known.mayHaveActed()
                ? last.failure().afterAttempt(known)
                : last.failure().withCertainty(known);
        return last.getClass() == ApiException.class
                ? new ApiException(whole)
                : client.exceptions().apply(whole);
    }

    final Journey journey(@Nullable String ending) {
        return Journey.of(call, ending, parent());
    }
}
