package io.penstock.invicti;

import io.penstock.test.VendorTest;
import io.penstock.test.simulator.invicti.InvictiRules;
import io.penstock.test.simulator.invicti.InvictiSimulator;
import java.util.function.UnaryOperator;

/** A test against the simulator of Invicti. */
abstract class InvictiTest extends VendorTest<InvictiSimulator, InvictiRules> {

    Invicti invicti;

    InvictiTest() {
        super(InvictiRules.documented(), InvictiSimulator::start);
    }

    @Override
    protected void connect() {
        invicti = Invicti.over(open(InvictiVendor.SPEC, Invicti.configure(), simulator.secret()));
    }

    void restart(UnaryOperator<InvictiRules> change) {
        restart(change.apply(InvictiRules.documented()));
    }
}
