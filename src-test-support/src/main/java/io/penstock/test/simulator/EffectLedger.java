package io.penstock.test.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of the effects that the server has had, whatever it received or answered: a request that ends in a reset after
 * the server acted counts, and the replay of a known idempotency key does not. Thread-safe.
 */
public final class EffectLedger {

    private final List<Effect> effects = new ArrayList<>();

    /** Creates an empty ledger. */
    public EffectLedger() {}

    /**
     * Adds an effect. Simulators call it at the moment the server acts.
     *
     * @param operation the method and path template
     * @param id the id of the affected resource
     * @param idempotencyKey the idempotency key of the request; {@code null} if it had none
     */
    public synchronized void enter(String operation, String id, @Nullable String idempotencyKey) {
        effects.add(new Effect(operation, id, idempotencyKey, Instant.now()));
    }

    /** Returns a copy of all effects, oldest first. */
    public synchronized List<Effect> all() {
        return List.copyOf(effects);
    }

    /** Returns the number of effects since the start or the last {@link #clear()}. */
    public synchronized long count() {
        return effects.size();
    }

    /** Returns the number of effects of one operation, such as {@code POST /v1/scans}. */
    public synchronized long count(String operation) {
        return effects.stream()
                .filter(effect -> effect.operation().equals(operation))
                .count();
    }

    /** Removes all effects. The server's own state stays as it is. */
    public synchronized void clear() {
        effects.clear();
    }
}
