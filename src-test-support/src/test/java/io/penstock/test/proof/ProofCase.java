package io.penstock.test.proof;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One case: a request, on a new connection or on one used before, and what each of its attempts meets. Attempts beyond
 * the steps meet a server without faults.
 *
 * <p>Its text is its id: {@code -Dpenstock.proof.case=<id>} runs this case alone.
 */
record ProofCase(RequestShape shape, boolean usedConnection, List<Step> steps) {

    private static final String SEPARATOR = "/";

    ProofCase {
        steps = List.copyOf(steps);
    }

    static ProofCase of(RequestShape shape, boolean usedConnection, Step... steps) {
        return new ProofCase(shape, usedConnection, Arrays.asList(steps));
    }

    static ProofCase parse(String id) {
        String[] parts = id.split(SEPARATOR, -1);
        return new ProofCase(
                RequestShape.valueOf(parts[0]),
                parts[1].equals("used"),
                Arrays.stream(parts).skip(2).map(Step::parse).toList());
    }

    boolean has(Ending ending) {
        return steps.stream()
                .anyMatch(step -> (step instanceof Step.Cut cut && cut.ending() == ending)
                        || (step instanceof Step.Reply reply && reply.ending() == ending));
    }

    @Override
    public String toString() {
        return shape
                + SEPARATOR
                + (usedConnection ? "used" : "new")
                + steps.stream().map(step -> SEPARATOR + step).collect(Collectors.joining());
    }
}
