package io.penstock.ixon;

import io.penstock.test.RetryConformance;
import io.penstock.test.simulator.ixon.IxonSimulator;

/** Number of sends to IXON by answer, counted by the server. */
class IxonRetryTest extends RetryConformance<IxonSimulator> {

    IxonRetryTest() {
        super(
                IxonVendor.SPEC,
                "/api/agents",
                IxonSimulator::start,
                simulator -> Ixon.configure(simulator.applicationId()));
    }

    @Override
    protected String matrix() {
        return """
                request          | answer  | Retry-After | sends
                GET              | 408     | -           | 1
                GET              | 429     | 0           | 1
                GET              | 500     | -           | 5
                GET              | 502     | -           | 5
                GET              | 503     | -           | 5
                GET              | 504     | -           | 1
                PUT              | 500     | -           | 5
                PUT              | 502     | -           | 5
                PUT              | 503     | -           | 5
                PUT              | 504     | -           | 1
                POST idempotent  | 500     | -           | 5
                POST idempotent  | 503     | 0           | 5
                POST idempotent  | 504     | -           | 1
                PATCH idempotent | 503     | -           | 1
                DELETE           | 500     | -           | 1
                DELETE           | 502     | -           | 1
                DELETE           | 503     | 0           | 1
                POST             | 429     | 0           | 1
                POST             | 500     | -           | 1
                POST             | 503     | 0           | 1
                GET              | lost    | -           | 5
                PUT              | lost    | -           | 5
                POST idempotent  | lost    | -           | 5
                PATCH idempotent | lost    | -           | 5
                DELETE           | lost    | -           | 5
                POST             | lost    | -           | 1
                GET              | refused | -           | 5
                POST             | refused | -           | 5
                """;
    }
}
