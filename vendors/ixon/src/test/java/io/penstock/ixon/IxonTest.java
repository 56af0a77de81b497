package io.penstock.ixon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.error.ApiException;
import io.penstock.test.VendorTest;
import io.penstock.test.simulator.ixon.IxonRules;
import io.penstock.test.simulator.ixon.IxonSimulator;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A test against the simulator of IXON. */
abstract class IxonTest extends VendorTest<IxonSimulator, IxonRules> {

    Ixon ixon;

    IxonTest() {
        super(IxonRules.documented(), IxonSimulator::start);
    }

    @Override
    protected void connect() {
        ixon = connect(simulator.secret());
    }

    Ixon connect(String token) {
        return Ixon.over(open(IxonVendor.SPEC, Ixon.configure(simulator.applicationId()), token))
                .forCompany(simulator.companyId());
    }

    Ixon login() {
        return Ixon.over(open(
                        IxonVendor.SPEC,
                        Ixon.configure(simulator.applicationId(), simulator.email()),
                        simulator.password()))
                .forCompany(simulator.companyId());
    }

    void restart(UnaryOperator<IxonRules> change) {
        restart(change.apply(IxonRules.documented()));
    }

    static ApiException failureOf(ThrowingCallable call) {
        ApiException failure = catchThrowableOfType(ApiException.class, call);
        assertThat(failure).isNotNull();
        return failure;
    }
}
