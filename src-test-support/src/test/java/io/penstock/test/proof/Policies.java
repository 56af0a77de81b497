package io.penstock.test.proof;

import io.penstock.ApiClientBuilder;
import io.penstock.circuit.CircuitPolicy;
import io.penstock.hedge.HedgingPolicy;
import io.penstock.retry.Backoff;
import java.time.Duration;
import java.util.Locale;

/** What stands between the retry loop and the wire in a case. */
enum Policies {
    /** Nothing. */
    PLAIN,
    /** A second send in parallel, soon after the first. */
    HEDGED,
    /** A circuit that opens after two failures; calls wait for its trials. */
    CIRCUIT;

    private static final Backoff SHORT = new Backoff(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0);

    ApiClientBuilder on(ApiClientBuilder client) {
        return switch (this) {
            case PLAIN -> client.circuit(CircuitPolicy.off());
            case HEDGED ->
                client.circuit(CircuitPolicy.off()).hedging(new HedgingPolicy(0.51, Duration.ofMillis(1), 0));
            case CIRCUIT ->
                client.circuit(CircuitPolicy.standard()
                        .withWindow(2, 2)
                        .withOpenWait(SHORT)
                        .withTrials(2));
        };
    }

    /** In how many requests an attempt may show at the server. */
    int sendsPerAttempt() {
        return this == HEDGED ? 2 : 1;
    }

    String text() {
        return this == PLAIN ? "" : "," + name().toLowerCase(Locale.ROOT);
    }

    static Policies parse(String connection) {
        int comma = connection.indexOf(',');
        return comma < 0 ? PLAIN : valueOf(connection.substring(comma + 1).toUpperCase(Locale.ROOT));
    }
}
