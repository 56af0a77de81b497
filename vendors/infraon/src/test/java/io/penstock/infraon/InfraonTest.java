package io.penstock.infraon;

import io.penstock.auth.CredentialScheme;
import io.penstock.test.VendorTest;
import io.penstock.test.simulator.infraon.InfraonRules;
import io.penstock.test.simulator.infraon.InfraonSimulator;

/** A test against the simulator of Infraon. */
abstract class InfraonTest extends VendorTest<InfraonSimulator, InfraonRules> {

    Infraon infraon;

    InfraonTest() {
        super(InfraonRules.documented(), InfraonSimulator::start);
    }

    @Override
    protected void connect() {
        infraon = connect(InfraonCredential.apiKey(), simulator.secret());
    }

    Infraon connect(CredentialScheme credential, String secret) {
        return Infraon.over(open(InfraonVendor.SPEC, Infraon.configure(simulator.baseUri(), credential), secret));
    }
}
