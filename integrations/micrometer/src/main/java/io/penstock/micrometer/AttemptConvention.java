package io.penstock.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** A convention for the name and the keys of an attempt's observation. */
public interface AttemptConvention extends ObservationConvention<AttemptContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof AttemptContext;
    }
}
