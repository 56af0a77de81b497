package io.penstock.test.proof;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One case: a request, on a new connection or on one used before, the client's policies, and what each of its attempts meets. Attempts beyond
 * the steps meet a server without faults.
 *
 * <p>Its text is its id: {@code -Dpenstock.proof.case=<id>} runs this case alone.
 */
record ProofCase(RequestShape shape, boolean usedConnection, Policies policies, List<Step> steps) {

    private static final String SEPARATOR = "/";

    ProofCase {
        steps = List.copyOf(steps);
    }

    static ProofCase of(RequestShape shape, boolean usedConnection, Step... steps) {
        return new ProofCase(shape, usedConnection, Policies.PLAIN, Arrays.asList(steps));
    }

    /** The same under other policies. */
    ProofCase under(Policies other) {
        return new ProofCase(shape, usedConnection, other, steps);
    }

    /** The same with one more step. */
    ProofCase followedBy(Step step) {
        List<Step> more = new ArrayList<>(steps);
        more.add(step);
        return new ProofCase(shape, usedConnection, policies, more);
    }

    static ProofCase parse(String id) {
        String[] parts = id.split(SEPARATOR, -1);
        return new ProofCase(
                RequestShape.valueOf(parts[0]),
                parts[1].startsWith("used"),
                Policies.parse(parts[1]),
                Arrays.stream(parts).skip(2).map(Step::parse).toList());
    }

    boolean has(Ending ending) {
        return steps.stream()
                .anyMatch(step -> (step instanceof Step.Cut cut && cut.ending() == ending)
                        || (step instanceof Step.Reply reply && reply.ending() == ending)
                        || (step instanceof Step.Early early && early.ending() == ending));
    }

    @Override
    public String toString() {
        return shape
                + SEPARATOR
                + (usedConnection ? "used" : "new")
                + policies.text()
                + steps.stream().map(step -> SEPARATOR + step).collect(Collectors.joining());
    }
}
