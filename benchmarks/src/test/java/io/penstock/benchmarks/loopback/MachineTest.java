package io.penstock.benchmarks.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class MachineTest {

    @Test
    void separatesIdleTimeFromTheRest() {
        // user nice system idle iowait irq softirq steal guest guest_nice, in hundredths of a second
        Machine.Reading reading = Machine.of(7, "cpu  100 20 30 400 50 6 7 8 90 1");

        assertThat(reading).isEqualTo(new Machine.Reading(7, 1_710_000_000d, 4_500_000_000d));
    }

    @Test
    void knowsNothingOfPlatformsWithoutTheFile() {
        Machine.Reading reading = Machine.of(7, "");

        assertThat(reading.serverNanos()).isEqualTo(7);
        assertThat(reading.busyNanos()).isNaN();
        assertThat(reading.idleNanos()).isNaN();
    }

    @Test
    void attributesToOthersWhatNeitherClientNorServerUsed() {
        Turn turn = new Turn("Penstock", "Penstock", Scenario.GET_SMALL, 64, 1, 0, 1000);
        Histogram latencies = new Histogram(3);
        latencies.recordValueWithCount(1_000_000, 10_000);
        Meter.Reading start =
                new Meter.Reading(0, 0, Map.of(1L, 500L), Map.of(1L, 0L, 2L, 0L), new Machine.Reading(0, 0, 0));
        Meter.Reading end = new Meter.Reading(
                1_000_000_000,
                900_000_000,
                Map.of(1L, 40_000_500L),
                Map.of(1L, 600_000_000L, 2L, 300_000_000L),
                new Machine.Reading(400_000_000, 1_500_000_000, 500_000_000));

        Cell cell = Cell.of(turn, latencies, start, end, 0);

        assertThat(cell.clientCpuMicrosPerCall()).isEqualTo(90);
        assertThat(cell.serverCpuMicrosPerCall()).isEqualTo(40);
        assertThat(cell.clientBytesPerCall()).isEqualTo(4000);
        assertThat(cell.busiestThread()).isEqualTo(0.6);
        assertThat(cell.foreignCores()).isEqualTo(0.2);
        assertThat(cell.idleCores()).isEqualTo(0.5);
    }

    @Test
    void readsCpuTimeOfProcess() {
        assertThat(Machine.read(ProcessHandle.current().pid()).serverNanos()).isPositive();
    }
}
