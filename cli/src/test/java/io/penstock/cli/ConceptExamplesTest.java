package io.penstock.cli;

import io.penstock.spec.VendorSpec;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** The example of a test in docs/coming-from-webclient.md, run. */
class ConceptExamplesTest {

    @Test
    void retriesAfterVirtualSecond() {
        ConceptExamples.retriesAfterVirtualSecond(
                VendorSpec.generic("acme", URI.create("https://api.example.com/v1/")));
    }
}
