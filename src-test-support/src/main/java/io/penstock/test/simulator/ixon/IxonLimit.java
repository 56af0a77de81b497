package io.penstock.test.simulator.ixon;

import java.time.Duration;

/**
 * One rate limit. That its window is fixed and starts with the first request is undocumented.
 *
 * @param requests how many are admitted per window
 * @param window the length of the window
 * @param perCompany whether the value of {@code Api-Company} is counted; otherwise the client's address
 */
public record IxonLimit(int requests, Duration window, boolean perCompany) {

    /** Checks the values. */
    public IxonLimit {
        Expected.that(requests >= 1, "requests", requests, ">= 1");
        Expected.that(window.compareTo(Duration.ZERO) > 0, "window", window, "> 0");
    }

    /** A limit per client address, given as an average rate. */
    static IxonLimit perSecond(int requests, Duration over) {
        return new IxonLimit(Math.toIntExact(requests * over.toSeconds()), over, false);
    }
}
