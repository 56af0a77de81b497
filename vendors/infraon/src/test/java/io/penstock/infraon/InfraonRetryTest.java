package io.penstock.infraon;

import io.penstock.test.RetryConformance;
import io.penstock.test.simulator.infraon.InfraonSimulator;

/** Number of sends to Infraon by answer, counted by the server. */
class InfraonRetryTest extends RetryConformance<InfraonSimulator> {

    InfraonRetryTest() {
        super(
                InfraonVendor.SPEC,
                "/ux/tags/",
                InfraonSimulator::start,
                simulator -> Infraon.configure(simulator.baseUri(), InfraonCredential.apiKey()));
    }

    @Override
    protected String matrix() {
        return """
                request | answer  | Retry-After | sends
                GET     | 404     | -           | 1
                GET     | 408     | -           | 1
                GET     | 409     | -           | 1
                GET     | 429     | -           | 5
                GET     | 500     | -           | 2
                GET     | 502     | -           | 5
                GET     | 503     | -           | 5
                GET     | 504     | -           | 5
                PUT     | 429     | 0           | 1
                PUT     | 503     | -           | 1
                DELETE  | 500     | -           | 2
                DELETE  | 503     | -           | 5
                POST    | 429     | 0           | 1
                POST    | 503     | 0           | 1
                POST    | 500     | -           | 1
                GET     | lost    | -           | 5
                PUT     | lost    | -           | 1
                DELETE  | lost    | -           | 5
                POST    | lost    | -           | 1
                GET     | refused | -           | 5
                DELETE  | refused | -           | 5
                POST    | refused | -           | 5
                PUT     | refused | -           | 1
                """;
    }
}
