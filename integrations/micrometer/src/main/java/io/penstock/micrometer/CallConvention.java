package io.penstock.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** A convention for the name and the keys of a call's observation. */
public interface CallConvention extends ObservationConvention<CallContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof CallContext;
    }
}
