package io.penstock.picus;

import io.penstock.test.RetryConformance;
import io.penstock.test.simulator.picus.PicusSimulator;

/** Number of sends to Picus by answer, counted by the server. */
class PicusRetryTest extends RetryConformance<PicusSimulator> {

    PicusRetryTest() {
        super(PicusVendor.SPEC, "/v1/templates", PicusSimulator::start, simulator -> Picus.configure());
    }

    @Override
    protected String matrix() {
        return """
                request         | answer  | Retry-After | sends
                GET             | 408     | -           | 4
                GET             | 425     | -           | 1
                GET             | 429     | 0           | 4
                GET             | 500     | -           | 4
                GET             | 502     | -           | 4
                GET             | 503     | -           | 4
                GET             | 504     | -           | 4
                GET             | 507     | -           | 1
                POST idempotent | 408     | -           | 4
                POST idempotent | 500     | -           | 4
                PUT             | 408     | -           | 1
                PUT             | 429     | 0           | 4
                PUT             | 500     | -           | 1
                PUT             | 502     | -           | 1
                PUT             | 503     | -           | 4
                PUT             | 504     | -           | 4
                DELETE          | 408     | -           | 1
                DELETE          | 429     | 0           | 4
                DELETE          | 500     | -           | 1
                DELETE          | 502     | -           | 1
                DELETE          | 503     | -           | 4
                DELETE          | 504     | -           | 4
                POST            | 429     | 0           | 4
                POST            | 500     | 0           | 1
                POST            | 503     | 0           | 1
                POST            | 425     | 0           | 1
                GET             | lost    | -           | 4
                POST idempotent | lost    | -           | 4
                PUT             | lost    | -           | 4
                DELETE          | lost    | -           | 4
                POST            | lost    | -           | 1
                GET             | refused | -           | 4
                POST            | refused | -           | 4
                """;
    }
}
