package io.penstock.pentify;

import io.penstock.test.VendorTest;
import io.penstock.test.simulator.pentify.PentifyRules;
import io.penstock.test.simulator.pentify.PentifySimulator;

/** A test against the simulator of Pentify. */
abstract class PentifyTest extends VendorTest<PentifySimulator, PentifyRules> {

    Pentify pentify;

    PentifyTest() {
        super(PentifyRules.documented(), PentifySimulator::start);
    }

    @Override
    protected void connect() {
        pentify = connect(simulator.secret());
    }

    Pentify connect(String key) {
        return Pentify.over(open(PentifyVendor.SPEC, Pentify.configure(), key));
    }
}
