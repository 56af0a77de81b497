package io.penstock.webhook;

import java.time.Clock;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Remembers which events have been heard. APIs deliver an event again until somebody says that it has arrived, and now and
 * then after that, too. Implement it over a store that several instances share: an insert that fails where the id is
 * there already is all it takes.
 */
public interface DuplicateGuard {

    /**
     * Emits true to who claims the id first, and false to everybody else, until it is released or forgotten. It must not
     * block the thread that subscribes.
     */
    Mono<Boolean> claim(String id);

    /** Gives an id back, because what it stood for was not done after all: the next delivery may claim it. */
    Mono<Void> release(String id);

    /**
     * A guard in the memory of this process. Thread-safe; it emits on the thread that subscribes.
     *
     * @param capacity how many ids it remembers at most; the oldest is forgotten for one more
     * @param memory how long it remembers one: at least for as long as the API goes on delivering
     */
    static DuplicateGuard inMemory(int capacity, Duration memory) {
        return inMemory(capacity, memory, Clock.systemUTC());
    }

    /** As {@link #inMemory(int, Duration)}, with a clock of your own. */
    static DuplicateGuard inMemory(int capacity, Duration memory, Clock clock) {
        return new RememberedEvents(capacity, memory, clock);
    }
}
