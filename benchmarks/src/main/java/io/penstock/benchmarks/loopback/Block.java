package io.penstock.benchmarks.loopback;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a run: one scenario with a number of callers, for some contenders.
 *
 * @param base the contender that has a turn before each turn of the others, so that both see the same machine; null if
 *     the contenders are compared without one
 * @param contenders the contenders, without the base
 * @param warmUp the warm-up of each contender before the first round, the base first: it warms the server, too
 * @param rounds the number of rounds; each contender has one turn per round
 * @param settleMillis the time at the beginning of a turn that is not measured
 * @param millis the measured time of a turn
 */
record Block(
        Scenario scenario,
        int concurrency,
        @Nullable String base,
        List<String> contenders,
        WarmUp warmUp,
        int rounds,
        long settleMillis,
        long millis) {

    Block {
        contenders = contenders.stream().filter(name -> !name.equals(base)).toList();
    }

    /** Returns the name of this block, such as {@code get-small:64}. */
    String name() {
        return scenario.title() + ":" + concurrency;
    }

    /** Returns the contenders to warm up, in order. */
    List<String> toWarmUp(List<String> names) {
        List<String> all = new ArrayList<>(names);
        if (base != null && !names.isEmpty()) {
            all.add(0, base);
        }
        return all;
    }

    /** Returns one turn of a contender before the first round. */
    Turn warmUp(String contender) {
        return new Turn(contender, contender, scenario, concurrency, 0, 0, warmUp.turnMillis());
    }

    /** Returns the turns of a contender in a round: the base's, if there is one, and its own. */
    List<Turn> turns(String contender, int round) {
        Turn own = turn(contender, contender, round);
        return base == null ? List.of(own) : List.of(turn(base, contender, round), own);
    }

    private Turn turn(String contender, String pair, int round) {
        return new Turn(contender, pair, scenario, concurrency, round, settleMillis, millis);
    }

    /** Returns the time that the block takes at most, if turns begin and end at once. */
    long longestMillis() {
        long pair = (base == null ? 1 : 2) * (settleMillis + millis);
        return toWarmUp(contenders).size() * warmUp.longestMillis() + (long) rounds * contenders.size() * pair;
    }
}
