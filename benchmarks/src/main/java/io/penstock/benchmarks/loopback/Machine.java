package io.penstock.benchmarks.loopback;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** The CPU time of the server's process and of the whole machine. */
final class Machine {

    /** The kernel's unit in {@code /proc/stat}: {@code USER_HZ} is 100 on all of today's platforms. */
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1) / 100;

    private static final Path STAT = Path.of("/proc/stat");
    private static final Pattern BLANKS = Pattern.compile(" +");
    private static final int USER = 1;
    private static final int IDLE = 4;
    private static final int IO_WAIT = 5;

    /** The number of columns that count: user, nice, system, idle, iowait, irq, softirq, steal. User contains guest. */
    private static final int COLUMNS = 8;

    /**
     * The CPU time so far.
     *
     * @param serverNanos the server's time; 0 where the platform does not tell
     * @param busyNanos the time in which the machine's cores worked, or were taken by the host; NaN where the platform
     *     does not tell
     * @param idleNanos the time in which they did not
     */
    record Reading(double serverNanos, double busyNanos, double idleNanos) {}

    private Machine() {}

    static Reading read(long server) {
        Duration used = ProcessHandle.of(server)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
        String total;
        try {
            total = Files.isReadable(STAT) ? Files.readAllLines(STAT).get(0) : "";
        } catch (IOException e) {
            throw new IllegalStateException(STAT + ": not readable", e);
        }
        return of((double) used.toNanos(), total);
    }

    /** Returns the reading of the first line of {@code /proc/stat}, which may be empty. */
    static Reading of(double serverNanos, String total) {
        String[] columns = BLANKS.split(total, -1);
        if (columns.length <= COLUMNS) {
            return new Reading(serverNanos, Double.NaN, Double.NaN);
        }
        long[] ticks = LongStream.rangeClosed(USER, COLUMNS)
                .map(i -> Long.parseLong(columns[(int) i]))
                .toArray();
        long idle = ticks[IDLE - USER] + ticks[IO_WAIT - USER];
        long busy = LongStream.of(ticks).sum() - idle;
        return new Reading(serverNanos, busy * (double) TICK_NANOS, idle * (double) TICK_NANOS);
    }
}
