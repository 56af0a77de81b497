package io.penstock.test.simulator.parts;

import java.util.concurrent.ThreadLocalRandom;

/** Random identifiers and secrets. A secure source is not used because it may block an event loop. */
public final class RandomText {

    private RandomText() {}

    /** Returns random characters of an alphabet. */
    public static String of(String alphabet, int length) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
