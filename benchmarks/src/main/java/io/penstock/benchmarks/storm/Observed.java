package io.penstock.benchmarks.storm;

import io.penstock.benchmarks.storm.StormServer.Mark;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.LongStream;
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
        Contenders.Entry contender,
        Mark begin,
        Mark down,
        Mark back,
        Mark end,
        List<Long> sends,
        List<CallLog.Begun> calls) {

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
        long most = 0;
        for (int i = 0; i + SLOTS_PER_SECOND <= sends.size(); i++) {
            most = Math.max(
                    most,
                    sends.subList(i, i + SLOTS_PER_SECOND).stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }
        return most;
    }

    /** Returns the number of calls that ended with success. */
    long succeeded() {
        return successesIn(begin.millis(), end.millis());
    }

    /** Returns the number of calls that ended without success. */
    long failures() {
        return calls.stream()
                .map(CallLog.Begun::ended)
                .filter(ended -> !ended.success() && ended.millis() >= begin.millis() && ended.millis() < end.millis())
                .count();
    }

    /** Returns the number of calls that ended without success after the server was back. */
    long failuresAfterReturn() {
        return calls.stream()
                .map(CallLog.Begun::ended)
                .filter(ended -> !ended.success() && ended.millis() >= back.millis() && ended.millis() < end.millis())
                .count();
    }

    /** Returns the time from the server's return to the first success, in seconds; empty if there was none. */
    OptionalDouble firstSuccess() {
        return successes()
                .filter(millis -> millis >= back.millis() && millis < end.millis())
                .mapToDouble(millis -> (double) (millis - back.millis()) / SECOND)
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
                .map(CallLog.Begun::ended)
                .filter(CallLog.Ended::done)
                .forEach(ended -> histogram.recordValue(ended.tookMicros() / SECOND));
        return histogram;
    }

    /** Returns the successes in each slot since {@code begin}. */
    List<Long> successSlots() {
        long[] slots = new long[sends.size()];
        successes().forEach(millis -> {
            long slot = Math.floorDiv(millis - begin.millis(), StormServer.SLOT_MILLIS);
            if (slot >= 0 && slot < slots.length) {
                slots[(int) slot]++;
            }
        });
        return Arrays.stream(slots).boxed().toList();
    }

    private double perSecond(Mark from, Mark to) {
        return successesIn(from.millis(), to.millis()) * (double) SECOND / (to.millis() - from.millis());
    }

    private long successesIn(long from, long to) {
        return successes().filter(millis -> millis >= from && millis < to).count();
    }

    private LongStream successes() {
        return calls.stream()
                .map(CallLog.Begun::ended)
                .filter(CallLog.Ended::success)
                .mapToLong(CallLog.Ended::millis);
    }

    private static Predicate<CallLog.Begun> begunIn(Mark from, Mark to) {
        return call -> call.begun() >= from.millis() && call.begun() < to.millis();
    }
}
