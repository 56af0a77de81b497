package io.penstock.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** A convention for the name and the keys of an operation's observation. */
public interface OperationConvention extends ObservationConvention<OperationContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof OperationContext;
    }
}
