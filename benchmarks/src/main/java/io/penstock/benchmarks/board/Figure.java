package io.penstock.benchmarks.board;

import io.penstock.benchmarks.loopback.Cell;

/** A figure of a client over sockets. */
enum Figure {
    CALLS,
    P50,
    P99,
    P999,
    CPU,
    BYTES,
    SERVER_CPU,
    CLIENT_CORES,
    SERVER_CORES,
    BUSIEST_THREAD,
    FOREIGN_CORES,
    IDLE_CORES;

    double of(Cell cell) {
        return switch (this) {
            case CALLS -> cell.throughputPerSecond();
            case P50 -> cell.p50Micros();
            case P99 -> cell.p99Micros();
            case P999 -> cell.p999Micros();
            case CPU -> cell.clientCpuMicrosPerCall();
            case BYTES -> cell.clientBytesPerCall();
            case SERVER_CPU -> cell.serverCpuMicrosPerCall();
            case CLIENT_CORES -> cores(cell, cell.clientCpuMicrosPerCall());
            case SERVER_CORES -> cores(cell, cell.serverCpuMicrosPerCall());
            case BUSIEST_THREAD -> cell.busiestThread();
            case FOREIGN_CORES -> cell.foreignCores();
            case IDLE_CORES -> cell.idleCores();
        };
    }

    private static double cores(Cell cell, double microsPerCall) {
        return microsPerCall * cell.throughputPerSecond() / 1e6;
    }
}
