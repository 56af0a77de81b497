package io.penstock.test.proof;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.Journey;
import org.jspecify.annotations.Nullable;

/** How a call ended, seen by its caller. */
sealed interface Outcome {

    record Success(int status, Journey journey) implements Outcome {}

    record Failure(Throwable error) implements Outcome {
        @Nullable
        Certainty certainty() {
            return error instanceof ApiException known ? known.certainty() : null;
        }
    }

    record Cancelled() implements Outcome {}

    /** Neither value nor error. */
    record Nothing() implements Outcome {}
}
