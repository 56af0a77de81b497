package io.penstock.benchmarks.board;

import io.penstock.benchmarks.loopback.Cell;
import java.util.function.ToDoubleFunction;

/** A figure of a client over sockets. */
enum Figure {
    CALLS(Cell::throughputPerSecond),
    P50(Cell::p50Micros),
    P99(Cell::p99Micros),
    P999(Cell::p999Micros),
    CPU(Cell::clientCpuMicrosPerCall),
    BYTES(Cell::clientBytesPerCall),
    SERVER_CPU(Cell::serverCpuMicrosPerCall),
    CLIENT_CORES(cell -> cell.clientCpuMicrosPerCall() * cell.throughputPerSecond() / 1e6),
    SERVER_CORES(cell -> cell.serverCpuMicrosPerCall() * cell.throughputPerSecond() / 1e6),
    BUSIEST_THREAD(Cell::busiestThread),
    FOREIGN_CORES(Cell::foreignCores),
    IDLE_CORES(Cell::idleCores);

    private final ToDoubleFunction<Cell> reader;

    Figure(ToDoubleFunction<Cell> reader) {
        this.reader = reader;
    }

    double of(Cell cell) {
        return reader.applyAsDouble(cell);
    }
}
