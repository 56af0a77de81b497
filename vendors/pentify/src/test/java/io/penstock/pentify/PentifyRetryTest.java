package io.penstock.pentify;

import io.penstock.test.RetryConformance;
import io.penstock.test.simulator.pentify.PentifySimulator;

/** Number of sends to Pentify by answer, counted by the server. */
class PentifyRetryTest extends RetryConformance<PentifySimulator> {

    PentifyRetryTest() {
        super(PentifyVendor.SPEC, "scans", PentifySimulator::start, simulator -> Pentify.configure());
    }

    @Override
    protected String matrix() {
        return """
                request    | answer  | Retry-After | sends
                GET        | 429     | 0           | 5
                GET        | 500     | -           | 5
                GET        | 502     | -           | 5
                GET        | 503     | -           | 5
                DELETE     | 429     | 0           | 5
                DELETE     | 500     | -           | 5
                DELETE     | 503     | -           | 5
                POST keyed | 429     | 0           | 5
                POST keyed | 500     | -           | 5
                POST keyed | 503     | 0           | 5
                POST       | 429     | 0           | 5
                POST       | 425     | 0           | 1
                POST       | 500     | -           | 1
                POST       | 503     | 0           | 1
                GET        | lost    | -           | 5
                DELETE     | lost    | -           | 5
                POST keyed | lost    | -           | 5
                POST       | lost    | -           | 1
                GET        | refused | -           | 5
                POST       | refused | -           | 5
                """;
    }
}
