package io.penstock.test.proof;

import java.util.concurrent.atomic.AtomicInteger;

/** A case as the server plays it: a step for each request, the world it happens in, and what an ending triggers. */
final class Play {

    private static final Step NO_FAULT = Step.whole(Answer.OK);

    private final ProofCase script;
    private final World world;
    private final Runnable trigger;
    private final AtomicInteger next = new AtomicInteger();

    Play(ProofCase script, World world, Runnable trigger) {
        this.script = script;
        this.world = world;
        this.trigger = trigger;
    }

    World world() {
        return world;
    }

    Runnable trigger() {
        return trigger;
    }

    /** The step of the request that has just begun to arrive. */
    Step next() {
        return step(next.getAndIncrement());
    }

    /** Whether the next connection ends before a byte of a request was read: every other step waits for that byte. */
    boolean endsBeforeTheFirstByte() {
        Step step = step(next.get());
        return step instanceof Step.Refuse || (step instanceof Step.Cut cut && cut.bytes() == 0);
    }

    boolean refusesFirst() {
        return step(0) instanceof Step.Refuse;
    }

    /** Whether nobody may listen any more when the current step has ended. */
    boolean refusesNext() {
        return step(next.get()) instanceof Step.Refuse;
    }

    private Step step(int index) {
        return index < script.steps().size() ? script.steps().get(index) : NO_FAULT;
    }
}
