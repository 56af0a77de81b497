package io.penstock.test.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.test.Eventually;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorsTest {

    @Test
    void findsVendorsSorted() {
        assertThat(Simulators.vendors())
                .contains("infraon", "invicti", "ixon", "pentify", "picus")
                .isSorted();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            infraon | InfraonSimulator | ''   | [0-9a-z]{40}
            invicti | InvictiSimulator | ''   | .+
            ixon    | IxonSimulator    | /api | [0-9A-Za-z]{32}
            pentify | PentifySimulator | /v1  | pk_test_[0-9A-HJKMNP-TV-Z]{26}
            picus   | PicusSimulator   | ''   | .+
            """)
    void startsByVendorName(String vendor, String type, String path, String secret) {
        try (Simulator simulator = Simulators.start(vendor, 0)) {
            assertThat(simulator.getClass().getSimpleName()).isEqualTo(type);
            assertThat(simulator.vendor()).isEqualTo(vendor);
            assertThat(simulator.baseUri())
                    .hasScheme("http")
                    .hasHost("127.0.0.1")
                    .hasPath(path);
            assertThat(simulator.secret()).matches(secret);
        }
    }

    /** Repeats until one start is fast enough, because a busy machine may delay some. */
    @ParameterizedTest
    @ValueSource(strings = {"infraon", "invicti", "ixon", "pentify", "picus"})
    void startsWithinOneSecond(String vendor) {
        Eventually.asserted(() -> {
            long start = System.nanoTime();
            Simulators.start(vendor, 0).close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"infraon", "invicti", "ixon", "pentify", "picus"})
    void listensOnGivenPortAndFailsOnTakenOne(String vendor) throws Exception {
        Simulator first = Simulators.start(vendor, 0);
        int port = first.baseUri().getPort();
        assertThatThrownBy(() -> Simulators.start(vendor, port)).isInstanceOf(RuntimeException.class);
        first.close();
        try (Simulator again = Simulators.start(vendor, port)) {
            assertThat(again.baseUri()).hasPort(port);
            assertThat(PlainCaller.anonymous(again.baseUri()).status()).isBetween(200, 499);
        }
    }

    @Test
    void rejectsUnknownVendorAndListsKnownOnes() {
        assertThatThrownBy(() -> Simulators.start("xyz", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vendor: xyz (expected one of: " + String.join(", ", Simulators.vendors()) + ")");
    }
}
