package io.penstock.benchmarks.board;

import io.penstock.benchmarks.scale.Measurements;
import io.penstock.ratelimit.GatePolicy;
import io.penstock.transport.ConnectionOptions;
import java.util.Locale;

/** The resources that a rate of calls needs, by formula. */
final class Sizing {

    /** The highest useful load of a core: above it, calls wait for the core. */
    static final double CORE_USE = 0.7;

    private static final double[] RATES = {1_000, 10_000, 100_000};
    private static final double[] LATENCIES = {0.02, 0.1, 0.5};

    /** The size of Linux's default {@code net.ipv4.ip_local_port_range}, 32768 to 60999. */
    private static final int LOCAL_PORTS = 28_232;

    private Sizing() {}

    /** Returns the number of cores for a rate of calls per second. */
    static double cores(double rate, Medians call) {
        return rate * call.cpuMicros() / 1e6 / CORE_USE;
    }

    static String section(Medians call, Measurements measured) {
        StringBuilder rows = new StringBuilder();
        for (double rate : RATES) {
            for (double latency : LATENCIES) {
                rows.append(row(rate, latency, call, measured));
            }
        }
        return """

                ## What a rate takes

                - connections = calls in flight = rate × latency (Little's law): one call at a time on a connection, as in HTTP/1.1;
                - event loops = cores = rate × client CPU per call ÷ %.1f, rounded up: a core is not to be busier than that;
                - memory = calls in flight × (heap + direct memory of a call with its connection);
                - garbage = rate × bytes per call.

                Nothing else takes threads: one timer, and workers for files where there are any.

                | calls/s | latency | connections | event loops | memory | garbage |
                |---|---|---|---|---|---|
                %s
                The pool has %d connections and the gate %d places unless set otherwise (`ConnectionOptions`, `GatePolicy`): enough for that
                many ÷ latency calls a second. Raise both together. From one address to one address and port there are %d local ports on
                Linux as it comes: more connections than that take more addresses.
                """.formatted(
                        CORE_USE,
                        rows,
                        ConnectionOptions.standard().pool().maxConnections(),
                        GatePolicy.standard().maxConcurrent(),
                        LOCAL_PORTS);
    }

    private static String row(double rate, double latency, Medians call, Measurements measured) {
        double inFlight = rate * latency;
        return String.format(
                Locale.ROOT,
                "| %.0f | %.0f ms | %.0f%s | %.0f | %.1f MB | %.0f MB/s |%n",
                rate,
                latency * 1000,
                inFlight,
                inFlight > LOCAL_PORTS ? " (more than local ports)" : "",
                Math.ceil(cores(rate, call)),
                inFlight * ScalePage.total(measured.connected()) / 1e6,
                rate * call.bytes() / 1e6);
    }
}
