package io.penstock.benchmarks.storm;

import io.penstock.benchmarks.ChildProcess;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** The running {@link StormServer}, seen from the process of the callers. Not thread-safe. */
final class ServerProcess implements AutoCloseable {

    /** The moment when the server executed a command, by the machine's clock, and its count of sends by then. */
    record Mark(long millis, long sends) {}

    private final ChildProcess process;

    private ServerProcess(ChildProcess process) {
        this.process = process;
    }

    static ServerProcess start() throws IOException {
        return new ServerProcess(ChildProcess.start(StormServer.class));
    }

    /** Returns the base URI. */
    String uri() {
        return "http://127.0.0.1:" + process.greeting();
    }

    Mark serve(int workers) {
        return mark("serve " + workers);
    }

    Mark fail(Scenario.Failing how) {
        return mark(how.name().toLowerCase(Locale.ROOT));
    }

    Mark begin() {
        return mark("begin");
    }

    /** Returns the sends in each slot since {@link #begin}. */
    List<Long> counts() {
        return List.of(process.ask("counts").split(",", -1)).stream()
                .map(Long::valueOf)
                .toList();
    }

    private Mark mark(String command) {
        List<String> words = List.of(process.ask(command).split(" ", -1));
        return new Mark(Long.parseLong(words.get(1)), Long.parseLong(words.get(2)));
    }

    /** Ends the process, which stops at the end of its input. */
    @Override
    public void close() throws IOException {
        process.close();
    }
}
