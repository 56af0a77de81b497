package io.penstock.invicti;

import io.penstock.test.RetryConformance;
import io.penstock.test.simulator.invicti.InvictiSimulator;

/** Number of sends to Invicti by answer, counted by the server. */
class InvictiRetryTest extends RetryConformance<InvictiSimulator> {

    InvictiRetryTest() {
        super(InvictiVendor.SPEC, "/api/v1/scans", InvictiSimulator::start, simulator -> Invicti.configure());
    }

    @Override
    protected String matrix() {
        return """
                request | answer  | Retry-After | sends
                GET     | 408     | -           | 1
                GET     | 429     | -           | 5
                GET     | 500     | -           | 5
                GET     | 502     | -           | 5
                GET     | 503     | -           | 5
                GET     | 504     | -           | 5
                PUT     | 429     | -           | 5
                PUT     | 500     | -           | 1
                PUT     | 502     | -           | 5
                DELETE  | 500     | -           | 1
                DELETE  | 503     | -           | 5
                DELETE  | 504     | -           | 5
                POST    | 429     | -           | 1
                POST    | 429     | 0           | 5
                POST    | 500     | 0           | 1
                POST    | 502     | -           | 1
                POST    | 503     | -           | 1
                POST    | 503     | 0           | 5
                POST    | 425     | 0           | 1
                GET     | lost    | -           | 5
                PUT     | lost    | -           | 5
                DELETE  | lost    | -           | 5
                POST    | lost    | -           | 1
                GET     | refused | -           | 5
                POST    | refused | -           | 5
                """;
    }
}
