package io.penstock.webhook;

import java.time.Clock;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * A record of the events that are in progress and of those that are done. APIs deliver an event again until the
 * receiver acknowledges it, and occasionally after that as well.
 *
 * <pre>
 *             claim: CLAIMED                 confirm
 *  (unknown) ───────────────→ (in progress) ─────────→ (done) ── memory over ──→ (unknown)
 *      ↑                            │
 *      └── release, or lease over ──┘
 * </pre>
 *
 * <p>A claim is a lease: if its holder dies, the event is blocked only until the lease ends. Choose a lease that is
 * longer than any action takes and shorter than the period for which the API redelivers. To share a guard between
 * instances, implement it over a common store: one row per id, with a state, a holder and an expiry. The insert, which
 * fails if there is an unexpired row, is the claim. A release deletes the row only if its holder is the one given.
 */
public interface DuplicateGuard {

    /** The default duration of a lease: 5 minutes. */
    Duration USUAL_LEASE = Duration.ofMinutes(5);

    /** The result of a claim. */
    enum Claim {
        /**
         * The event belongs to the caller, which confirms or releases it; no other claim succeeds until the lease ends.
         */
        CLAIMED,
        /** Another claim holds the event and may still fail: the event must not be considered done. */
        IN_PROGRESS,
        /** The event was acted on and confirmed. */
        DONE
    }

    /**
     * Claims an id. Of many concurrent claims of an unknown id, exactly one gets {@link Claim#CLAIMED}. Implementations
     * must not block the subscribing thread. {@link WebhookReceiver} never cancels a claim: it waits for the result and
     * releases a claim that is no longer wanted.
     *
     * @param holder the text that tells this claim from every other one, in all processes
     */
    Mono<Claim> claim(String id, String holder);

    /**
     * Confirms that the event was acted on, and remembers the id, even if the lease has ended meanwhile and another
     * holder has claimed it.
     */
    Mono<Void> confirm(String id);

    /**
     * Releases the id of an event that was not acted on, so that the next delivery may claim it. It has no effect on a
     * confirmed id or on the claim of another holder: a late release, after the lease, cannot undo what another caller
     * has done meanwhile.
     *
     * @param holder the holder that the claim was made with
     */
    Mono<Void> release(String id, String holder);

    /**
     * Returns a guard in the memory of this process, with the default lease, or a lease as long as the memory if that
     * is shorter. It is thread-safe and emits on the subscribing thread.
     *
     * @param capacity the maximum number of done ids to remember; beyond it, the oldest is forgotten. Ids in progress
     *     are not counted and are not forgotten to make room
     * @param memory how long to remember an id: at least for as long as the API redelivers
     */
    static DuplicateGuard inMemory(int capacity, Duration memory) {
        return inMemory(capacity, memory, memory.compareTo(USUAL_LEASE) < 0 ? memory : USUAL_LEASE, Clock.systemUTC());
    }

    /** Acts like {@link #inMemory(int, Duration)}, with the given lease and clock. */
    static DuplicateGuard inMemory(int capacity, Duration memory, Duration lease, Clock clock) {
        return new RememberedEvents(capacity, memory, lease, clock);
    }
}
