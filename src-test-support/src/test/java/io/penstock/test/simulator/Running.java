package io.penstock.test.simulator;

import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The simulator that a test starts by rules of its own. It runs until the next start or the end of the test. */
public final class Running<S extends Simulator, R> implements AutoCloseable {

    private final R rules;
    private final Function<R, S> starter;
    private @Nullable S simulator;

    /** Creates one that starts its simulators by changes of the given rules. */
    public Running(R rules, Function<R, S> starter) {
        this.rules = rules;
        this.starter = starter;
    }

    public S start(UnaryOperator<R> change) {
        close();
        S started = starter.apply(change.apply(rules));
        simulator = started;
        return started;
    }

    @Override
    public void close() {
        if (simulator != null) {
            simulator.close();
        }
    }
}
