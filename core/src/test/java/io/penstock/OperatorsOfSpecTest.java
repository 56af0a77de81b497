package io.penstock;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.StubTransport.Answer;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Operator.Position;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Operators that are part of a spec: every client of it has them. */
class OperatorsOfSpecTest {

    private static final ApiRequest<JsonNode> USAGE = ApiRequest.get("usage");

    private final Lab lab = new Lab();
    private final List<String> order = new ArrayList<>();

    private Operator noting(String name) {
        return Operator.of(name, (call, next) -> {
            order.add(name);
            call.header("x-" + name, "1");
            return next.exchange(call);
        });
    }

    @Test
    void runsOperatorsOfSpecInsideThoseOfClient() {
        VendorSpec spec = Lab.SPEC
                .withOperator(Position.PER_CALL, noting("spec-call"))
                .withOperator(Position.PER_ATTEMPT, noting("spec-attempt"))
                .withOperator(Position.PER_ATTEMPT, noting("spec-second"));
        StubTransport wire = new StubTransport(n -> Answer.of(n == 1 ? 503 : 200, "{}"));
        ApiClient client = lab.client(spec, wire)
                .operator(Position.PER_ATTEMPT, noting("client-attempt"))
                .operator(Position.PER_CALL, noting("client-call"))
                .build();

        lab.value(client.value(USAGE));

        assertThat(order)
                .containsExactly(
                        "client-call",
                        "spec-call",
                        "client-attempt",
                        "spec-attempt",
                        "spec-second",
                        "client-attempt",
                        "spec-attempt",
                        "spec-second");
        assertThat(wire.sent)
                .allSatisfy(sent -> assertThat(sent.header("x-spec-attempt")).isEqualTo("1"));
    }

    @Test
    void namesOperatorsOfSpecInExplanation() {
        ApiClient client = lab.client(
                        Lab.SPEC.withOperator(Position.PER_ATTEMPT, noting("signature")),
                        StubTransport.always(200, "{}"))
                .build();

        assertThat(client.inspect().explain(USAGE)).contains("per attempt").contains("signature");
    }

    @Test
    void tellsSpecsWithDifferentOperatorsApart() {
        Operator operator = noting("one");

        assertThat(Lab.SPEC.withOperator(Position.PER_CALL, operator))
                .isEqualTo(Lab.SPEC.withOperator(Position.PER_CALL, operator))
                .isNotEqualTo(Lab.SPEC.withOperator(Position.PER_ATTEMPT, operator))
                .isNotEqualTo(Lab.SPEC);
        assertThat(Lab.SPEC.operators()).isEmpty();
    }
}
