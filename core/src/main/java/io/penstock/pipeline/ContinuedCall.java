package io.penstock.pipeline;

import io.penstock.request.Plan;
import java.util.List;

/** A call that goes on with another plan, such as that of a redirect. */
final class ContinuedCall extends Call {

    private final WholeCall whole;

    ContinuedCall(WholeCall whole, Plan plan, List<String> addedHeaders) {
        super(plan, addedHeaders);
        this.whole = whole;
    }

    @Override
    WholeCall whole() {
        return whole;
    }
}
