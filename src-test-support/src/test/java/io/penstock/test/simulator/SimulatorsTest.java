package io.penstock.test.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SimulatorsTest {

    @Test
    void findsVendorsSorted() {
        assertThat(Simulators.vendors()).contains("pentify").isSorted();
    }

    @Test
    void startsNamedSimulator() {
        try (Simulator simulator = Simulators.start("pentify", 0)) {
            assertThat(simulator.vendor()).isEqualTo("pentify");
            assertThat(simulator.baseUri())
                    .hasScheme("http")
                    .hasHost("127.0.0.1")
                    .hasPath("/v1");
            assertThat(simulator.secret()).matches("pk_test_[0-9A-HJKMNP-TV-Z]{26}");
        }
    }

    @Test
    void rejectsUnknownVendorAndListsKnownOnes() {
        assertThatThrownBy(() -> Simulators.start("xyz", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vendor: xyz (expected one of: " + String.join(", ", Simulators.vendors()) + ")");
    }
}
