package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.parts.Expected;
import java.time.Duration;

/**
 * One rate limit. It is undocumented that its window is fixed and starts with the first request.
 *
 * @param requests number of admitted requests per window
 * @param window length of the window
 * @param perCompany whether requests are counted by the value of {@code Api-Company} instead of the client's address
 */
public record IxonLimit(int requests, Duration window, boolean perCompany) {

    /** Checks the values. */
    public IxonLimit {
        Expected.that(requests >= 1, "requests", requests, ">= 1");
        Expected.that(window.compareTo(Duration.ZERO) > 0, "window", window, "> 0");
    }

    /** Returns a limit per client address from an average rate. */
    static IxonLimit perSecond(int requests, Duration over) {
        return new IxonLimit(Math.toIntExact(requests * over.toSeconds()), over, false);
    }
}
