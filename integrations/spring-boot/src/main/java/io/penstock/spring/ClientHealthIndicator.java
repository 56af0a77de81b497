package io.penstock.spring;

import io.penstock.ApiClient;
import io.penstock.circuit.CircuitState;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * The health of a client as it knows it; nothing is sent. It is up unless a circuit is open (down) or the client is
 * closing (out of service).
 */
final class ClientHealthIndicator extends AbstractHealthIndicator {

    private final ApiClient client;

    ClientHealthIndicator(ApiClient client) {
        this.client = client;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        ApiClient.Health now = client.health();
        if (now.calls().closing()) {
            health.outOfService();
        } else if (now.isReady()) {
            health.up();
        } else {
            health.down();
        }
        health.withDetail("vendor", client.spec().id())
                .withDetail("active", now.calls().active());
        if (now.calls().lastSuccessAt() != null) {
            health.withDetail("lastSuccessAt", now.calls().lastSuccessAt());
        }
        if (now.calls().lastFailureAt() != null && now.calls().lastFailure() != null) {
            health.withDetail("lastFailureAt", now.calls().lastFailureAt());
            health.withDetail("lastFailure", now.calls().lastFailure().name());
        }
        if (!now.circuits().isEmpty()) {
            Map<String, String> circuits = new TreeMap<>();
            for (CircuitState circuit : now.circuits()) {
                circuits.put(circuit.name(), circuit.phase().name());
            }
            health.withDetail("circuits", circuits);
        }
    }
}
