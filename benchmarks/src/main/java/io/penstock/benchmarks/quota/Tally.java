package io.penstock.benchmarks.quota;

import io.penstock.error.ApiException;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.ConcurrentHistogram;

/** The callers' view: the duration of successful calls, their number per caller, and the errors of the others. */
final class Tally {

    private final ConcurrentHistogram millis = new ConcurrentHistogram(3);
    private final AtomicLongArray successes;
    private final Map<String, Long> failures = new ConcurrentSkipListMap<>();

    Tally(int callers) {
        this.successes = new AtomicLongArray(callers);
    }

    void succeeded(int caller, long nanos) {
        successes.incrementAndGet(caller);
        millis.recordValue(TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    void failed(Throwable error) {
        String name = error instanceof ApiException api
                ? api.kind().name()
                : error.getClass().getSimpleName();
        failures.merge(name, 1L, Long::sum);
    }

    /** Returns the given percentile of the duration of successful calls, in seconds. */
    double seconds(double percentile) {
        return millis.getValueAtPercentile(percentile) / 1000.0;
    }

    /** Returns Jain's index of the successes per caller: 1 if all have equally many, 1/n if one has them all. */
    double fairness() {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < successes.length(); i++) {
            sum += successes.get(i);
            squares += (double) successes.get(i) * successes.get(i);
        }
        return squares == 0 ? 0 : sum * sum / (successes.length() * squares);
    }

    /** Returns the number of failed calls by error. */
    String failures() {
        return failures.isEmpty()
                ? "0"
                : failures.toString().replaceAll("[{}]", "").replace('=', ' ');
    }
}
