package io.penstock.benchmarks.storm;

import io.penstock.benchmarks.Contender;
import io.penstock.benchmarks.storm.StormServer.Mark;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * The observation of one contender in one scenario: the server's counts, the callers' log, and the derived figures.
 *
 * @param begin the start of counting
 * @param down the moment when the server went down
 * @param back the moment when the server was back
 * @param end the end of counting
 * @param sends the server's count in each slot since {@code begin}
 * @param calls every logical call
 */
record Observed(
        Contender<String> contender, Mark begin, Mark down, Mark back, Mark end, List<Long> sends, List<Call> calls) {

    private static final int SECOND = 1000;
    private static final int SLOTS_PER_SECOND = SECOND / StormServer.SLOT_MILLIS;

    /** The share of the successes per second before the outage that counts as recovered. */
    static final double RECOVERED = 0.95;

    /** Returns the sends that arrived while the server was down, per call that began in that time. */
    double sendsPerCallInOutage() {
        return (double) (back.sends() - down.sends()) / callsBegunInOutage();
    }

    /** Returns all sends per call that began in the measured time. */
    double sendsPerCall() {
        return (double) end.sends() / calls.stream().filter(begunIn(begin, end)).count();
    }

    long callsBegunInOutage() {
        return calls.stream().filter(begunIn(down, back)).count();
    }

    /** Returns the sends per second while the server was down, as a share of the successes per second before. */
    double loadInOutage() {
        double seconds = (back.millis() - down.millis()) / (double) SECOND;
        return (back.sends() - down.sends()) / seconds / successesPerSecondBefore();
    }

    /** Returns the highest number of sends within one second. */
    long peakSendsPerSecond() {
        return IntStream.rangeClosed(0, sends.size() - SLOTS_PER_SECOND)
                .mapToLong(i -> sends.subList(i, i + SLOTS_PER_SECOND).stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .max()
                .orElse(0);
    }

    /** Returns the number of calls that ended with success. */
    long succeeded() {
        return successesIn(begin.millis(), end.millis());
    }

    /** Returns the number of calls that ended without success. */
    long failures() {
        return failuresSince(begin);
    }

    /** Returns the number of calls that ended without success after the server was back. */
    long failuresAfterReturn() {
        return failuresSince(back);
    }

    private long failuresSince(Mark from) {
        return endedIn(from.millis(), end.millis(), false).count();
    }

    /** Returns the time from the server's return to the first success, in seconds; empty if there was none. */
    OptionalDouble firstSuccess() {
        return endedIn(back.millis(), end.millis(), true)
                .mapToDouble(call -> (double) (call.ended() - back.millis()) / SECOND)
                .min();
    }

    /**
     * Returns the time from the server's return to the first full second with enough successes, in seconds; empty if
     * there was none.
     */
    OptionalDouble recovered() {
        double enough = RECOVERED * successesPerSecondBefore();
        for (long from = back.millis(); from + SECOND <= end.millis(); from += StormServer.SLOT_MILLIS) {
            if (enough > 0 && successesIn(from, from + SECOND) >= enough) {
                return OptionalDouble.of((double) (from - back.millis()) / SECOND);
            }
        }
        return OptionalDouble.empty();
    }

    double successesPerSecondBefore() {
        return perSecond(begin, down);
    }

    /** Returns the successes per second after the return, as a share of those before the outage. */
    double goodputAfterReturn() {
        return perSecond(back, end) / successesPerSecondBefore();
    }

    /** Returns the durations, in milliseconds, of the calls that began in the outage and have ended. */
    Histogram outageCallMillis() {
        Histogram histogram = new Histogram(3);
        calls.stream()
                .filter(begunIn(down, back))
                .filter(call -> call.tookMillis() >= 0)
                .forEach(call -> histogram.recordValue(call.tookMillis()));
        return histogram;
    }

    /** Returns the successes in each slot since {@code begin}. */
    List<Long> successSlots() {
        long[] slots = new long[sends.size()];
        endedIn(begin.millis(), begin.millis() + (long) slots.length * StormServer.SLOT_MILLIS, true)
                .forEach(call -> slots[(int) ((call.ended() - begin.millis()) / StormServer.SLOT_MILLIS)]++);
        return Arrays.stream(slots).boxed().toList();
    }

    private double perSecond(Mark from, Mark to) {
        return successesIn(from.millis(), to.millis()) * (double) SECOND / (to.millis() - from.millis());
    }

    private long successesIn(long from, long to) {
        return endedIn(from, to, true).count();
    }

    private Stream<Call> endedIn(long from, long to, boolean succeeded) {
        return calls.stream().filter(call -> call.isEndedIn(from, to, succeeded));
    }

    private static Predicate<Call> begunIn(Mark from, Mark to) {
        return call -> call.begun >= from.millis() && call.begun < to.millis();
    }
}
