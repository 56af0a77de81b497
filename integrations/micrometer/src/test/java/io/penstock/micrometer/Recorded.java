package io.penstock.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A registry whose observations are recorded when they stop. */
final class Recorded implements ObservationHandler<Observation.Context> {

    final ObservationRegistry registry = ObservationRegistry.create();
    final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();

    Recorded() {
        registry.observationConfig().observationHandler(this);
    }

    @Override
    public void onStop(Observation.Context context) {
        stopped.add(context);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return true;
    }

    List<String> names() {
        return stopped.stream().map(Observation.Context::getContextualName).toList();
    }

    static String low(Observation.Context context, String key) {
        var value = context.getLowCardinalityKeyValue(key);
        return value == null ? "absent" : value.getValue();
    }

    static String high(Observation.Context context, String key) {
        var value = context.getHighCardinalityKeyValue(key);
        return value == null ? "absent" : value.getValue();
    }
}
