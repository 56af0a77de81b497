package io.penstock.test.fuzz;

import java.util.SplittableRandom;

/** A seeded source of choices: the same seed makes the same ones. Not thread-safe. */
final class Dice {

    private final SplittableRandom random;

    Dice(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Dice for one of many things that have a seed in common, whatever order they are asked in. */
    static Dice of(long seed, long part) {
        return new Dice(new SplittableRandom(seed ^ part * 0x9E3779B97F4A7C15L).nextLong());
    }

    long seed() {
        return random.nextLong();
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    @SafeVarargs
    final <T> T of(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    int number(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** A whole number of any magnitude. */
    long magnitude() {
        return random.nextLong() >> random.nextInt(64);
    }

    /** Mostly the text as it is; sometimes with a character added, left out or doubled. */
    String mutated(String text) {
        if (text.isEmpty() || !chance(12)) {
            return text;
        }
        int at = below(text.length());
        return switch (below(3)) {
            case 0 -> text.substring(0, at) + text.substring(at + 1);
            case 1 -> text.substring(0, at) + text.charAt(at) + text.substring(at);
            default -> text.substring(0, at) + (char) (' ' + below(95)) + text.substring(at);
        };
    }
}
