package io.penstock.test.simulator.invicti;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Identifiers in the form of the rules. Not thread-safe. */
final class Ids {

    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long FIRST_SCAN = 12345;

    private final IdForm form;
    private final Map<String, Long> numbers = new HashMap<>();

    Ids(IdForm form) {
        this.form = form;
    }

    String next(String kind) {
        if (form == IdForm.UUID) {
            return uuid();
        }
        long number = numbers.getOrDefault(kind, kind.equals("scan") ? FIRST_SCAN : 1L);
        numbers.put(kind, number + 1);
        return kind + "-" + number;
    }

    /** Returns a random UUID. A secure source is not used because it may block an event loop. */
    static String uuid() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (random.nextLong() & ~0xF000L) | VERSION_4;
        long low = (random.nextLong() >>> 2) | VARIANT;
        return new UUID(high, low).toString();
    }
}
