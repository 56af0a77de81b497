package io.penstock.benchmarks.quota;

import io.penstock.benchmarks.Contender;

/**
 * The observation of one client in one scenario.
 *
 * @param counts the server's counts
 * @param tally the callers' tally
 */
record Observed(Scenario scenario, Contender<Site> contender, Counts counts, Tally tally) {

    /**
     * Returns the share of the possible quota that was allowed to the client and, if there is one, to the other client.
     */
    double used() {
        return (double) (counts.allAllowed() + counts.foreign()) / scenario.allowance();
    }

    /** Returns the share of the client's requests that the server answered with 429. */
    double refused() {
        long all = counts.allAllowed() + counts.allRefused();
        return all == 0 ? 0 : (double) counts.allRefused() / all;
    }

    boolean isPenstock() {
        return contender.name().equals(Contender.PENSTOCK);
    }
}
