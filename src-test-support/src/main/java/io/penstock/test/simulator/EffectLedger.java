package io.penstock.test.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the server did, as opposed to what it was asked or what it answered: a request that is answered by a reset
 * still counts, a replay of a known idempotency key does not. Thread-safe.
 */
public final class EffectLedger {

    private final List<Effect> effects = new ArrayList<>();

    /** An empty ledger. */
    public EffectLedger() {}

    /**
     * For simulators: enters an effect at the moment the server acts.
     *
     * @param operation method and path template
     * @param id the resource concerned
     * @param idempotencyKey the key of the request, {@code null} if it had none
     */
    public synchronized void enter(String operation, String id, @Nullable String idempotencyKey) {
        effects.add(new Effect(operation, id, idempotencyKey, Instant.now()));
    }

    /** A copy, oldest first. */
    public synchronized List<Effect> all() {
        return List.copyOf(effects);
    }

    /** How many there were since the start or the last {@link #clear()}. */
    public synchronized long count() {
        return effects.size();
    }

    /** The same for one operation, such as {@code POST /v1/scans}. */
    public synchronized long count(String operation) {
        return effects.stream()
                .filter(effect -> effect.operation().equals(operation))
                .count();
    }

    /** Forgets all; the server's own state is untouched. */
    public synchronized void clear() {
        effects.clear();
    }
}
