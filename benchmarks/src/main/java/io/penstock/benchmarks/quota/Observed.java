package io.penstock.benchmarks.quota;

/**
 * What was seen of one client in one scenario.
 *
 * @param counts by the server
 * @param tally by the callers
 */
record Observed(Scenario scenario, Contenders.Entry contender, Counts counts, Tally tally) {

    /** What was allowed to the client and, where there is somebody else, to that one, of what could have been. */
    double used() {
        return (double) (counts.allAllowed() + counts.foreign()) / scenario.allowance();
    }

    /** The share of the client's requests that were answered 429. */
    double refused() {
        long all = counts.allAllowed() + counts.allRefused();
        return all == 0 ? 0 : (double) counts.allRefused() / all;
    }

    boolean isPenstock() {
        return contender.name().equals(Contenders.PENSTOCK);
    }
}
