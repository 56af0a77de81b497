package io.penstock.benchmarks.board;

import io.penstock.benchmarks.loopback.Cell;
import java.util.List;

/** Cells for tests. */
final class Cells {

    private Cells() {}

    /** Returns a turn of a small GET with 64 callers, 20 000 calls/s, without other processes or idle cores. */
    static Cell cell(String contender, int round, double cpu, double bytes) {
        return cell(contender, contender, round, cpu, bytes, 30_000, 0, 0);
    }

    static Cell cell(
            String contender,
            String pair,
            int round,
            double cpu,
            double bytes,
            long calls,
            double foreign,
            long errors) {
        return new Cell(
                "get-small",
                contender,
                pair,
                64,
                round,
                calls,
                1.5,
                900,
                2_000,
                4_000,
                cpu,
                bytes,
                10,
                0.5,
                foreign,
                0,
                errors);
    }

    /** Returns a turn of the base and the turn of another contender after it. */
    static List<Cell> pair(String contender, int round, double baseCpu, double cpu, double foreign) {
        return List.of(
                cell(Cell.BASE, contender, round, baseCpu, 10_000, 30_000, foreign, 0),
                cell(contender, contender, round, cpu, 4_000, 45_000, foreign, 0));
    }

    /** Returns a turn of the base and one of Penstock for pages: 100 and 60 µs per call, 40 of the server. */
    static List<Cell> pages(long baseCalls, long calls, double foreign, double idle) {
        return List.of(page(Cell.BASE, baseCalls, 100, foreign, idle), page("Penstock", calls, 60, foreign, idle));
    }

    private static Cell page(String contender, long calls, double cpu, double foreign, double idle) {
        return new Cell(
                "get-collection",
                contender,
                "Penstock",
                64,
                1,
                calls,
                1,
                900,
                2_000,
                4_000,
                cpu,
                1,
                40,
                0.5,
                foreign,
                idle,
                0);
    }

    /** Returns a turn with these numbers of cores: of the client, of its busiest thread, of the server, and idle ones. */
    static Cell cores(double client, double busiestThread, double server, double idle) {
        return new Cell(
                "get-small",
                "Penstock",
                "Penstock",
                64,
                1,
                10_000,
                1,
                900,
                2_000,
                4_000,
                client * 100,
                1,
                server * 100,
                busiestThread,
                0,
                idle,
                0);
    }
}
