package io.penstock.benchmarks.loopback;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** A run of callers on one client, with a measured interval. */
final class Run {

    /** The time for the last calls to end: longer than any call of a working contender. */
    private static final long PATIENCE_SECONDS = 30;

    private final Contender contender;
    private final Scenario scenario;
    private final CountDownLatch callers;
    private final Recorder latencies = new Recorder(TimeUnit.SECONDS.toNanos(60), 3);
    private final LongAdder errors = new LongAdder();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile boolean over;

    private Run(Contender contender, Turn turn) {
        this.contender = contender;
        this.scenario = turn.scenario();
        this.callers = new CountDownLatch(turn.concurrency());
    }

    /**
     * Starts the callers, waits for them to settle, and measures. Returns when the last call has ended.
     *
     * @param server the id of the server's process
     */
    static Cell of(Contender contender, Turn turn, long server) throws InterruptedException {
        Run run = new Run(contender, turn);
        for (int i = 0; i < turn.concurrency(); i++) {
            new Caller(run).next();
        }
        Thread.sleep(turn.settleMillis());
        Histogram before = run.latencies.getIntervalHistogram();
        Meter.Reading start = Meter.read(server);
        long failedBefore = run.errors.sum();
        Thread.sleep(turn.millis());
        Histogram measured = run.latencies.getIntervalHistogram(before);
        Meter.Reading end = Meter.read(server);
        long failed = run.errors.sum() - failedBefore;
        run.over = true;
        if (!run.callers.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(run.callers.getCount() + " calls do not end");
        }
        return Cell.of(turn, measured, start, end, failed);
    }

    boolean isOver() {
        return over;
    }

    void left() {
        callers.countDown();
    }

    void begin(Caller caller) {
        try {
            contender.call(scenario, caller);
        } catch (RuntimeException e) {
            caller.accept(null, e); // without an outcome the caller would never count down
        }
    }

    void ended(long nanos, @Nullable Object answer, @Nullable Throwable error) {
        if (error == null && answer != null && scenario.expects(answer)) {
            latencies.recordValue(nanos);
            return;
        }
        errors.increment();
        if (told.compareAndSet(false, true)) {
            System.err.println(scenario.title() + ": " + (error == null ? "answer: " + answer : error));
        }
    }
}
