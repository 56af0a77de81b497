package io.penstock.picus;

import io.penstock.test.VendorTest;
import io.penstock.test.simulator.picus.PicusRules;
import io.penstock.test.simulator.picus.PicusSimulator;

/** A test against the simulator of Picus. */
abstract class PicusTest extends VendorTest<PicusSimulator, PicusRules> {

    Picus picus;

    PicusTest() {
        super(PicusRules.documented(), PicusSimulator::start);
    }

    @Override
    protected void connect() {
        picus = connect(simulator.secret());
    }

    Picus connect(String refreshToken) {
        return Picus.over(open(PicusVendor.SPEC, Picus.configure(), refreshToken));
    }
}
