package io.penstock.webhook;

import java.time.Clock;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Remembers which events are being acted on, and which have been. APIs deliver an event again until somebody says that it
 * has arrived, and now and then after that, too.
 *
 * <pre>
 *             claim: CLAIMED                 confirm
 *  (unknown) ───────────────→ (in progress) ─────────→ (done) ── memory over ──→ (unknown)
 *      ↑                            │
 *      └── release, or lease over ──┘
 * </pre>
 *
 * <p>A claim is a lease: who dies with it blocks the event until the lease is over, and not for ever. Give a lease that is
 * longer than any action takes, and shorter than the API goes on delivering. Implement it over a store that several instances
 * share: one row for each id, with a state and an expiry; an insert that fails where an unexpired row is there is the claim.
 */
public interface DuplicateGuard {

    /** How long a claim holds, unless told otherwise: 5 minutes. */
    Duration USUAL_LEASE = Duration.ofMinutes(5);

    /** What a claim comes to. */
    enum Claim {
        /** The event is the caller's, who confirms or releases it; until the lease is over nobody else gets it. */
        CLAIMED,
        /** Somebody else is at it, and may yet fail: the event is not to be taken for done. */
        IN_PROGRESS,
        /** It was acted on, and confirmed. */
        DONE
    }

    /**
     * Claims an id. Exactly one of many who claim an unknown id at once gets {@link Claim#CLAIMED}. It must not block the
     * thread that subscribes. {@link WebhookReceiver} never cancels it: it waits for the answer and releases what nobody
     * wants any more.
     */
    Mono<Claim> claim(String id);

    /** What the id stands for was done: remembers it, also where the lease was over meanwhile. */
    Mono<Void> confirm(String id);

    /**
     * What the id stands for was not done after all: the next delivery may claim it. Changes nothing where the id was
     * confirmed: who comes late, after his lease, cannot undo what another one did.
     */
    Mono<Void> release(String id);

    /**
     * A guard in the memory of this process, with the usual lease, or one as long as the memory if that is shorter.
     * Thread-safe; it emits on the thread that subscribes.
     *
     * @param capacity how many ids that are done it remembers at most; the oldest is forgotten for one more. Those in
     *     progress come on top, and are not forgotten
     * @param memory how long it remembers one: at least for as long as the API goes on delivering
     */
    static DuplicateGuard inMemory(int capacity, Duration memory) {
        return inMemory(capacity, memory, memory.compareTo(USUAL_LEASE) < 0 ? memory : USUAL_LEASE, Clock.systemUTC());
    }

    /** As {@link #inMemory(int, Duration)}, with a lease and a clock of your own. */
    static DuplicateGuard inMemory(int capacity, Duration memory, Duration lease, Clock clock) {
        return new RememberedEvents(capacity, memory, lease, clock);
    }
}
