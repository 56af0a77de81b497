package io.penstock.test.fuzz;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the server knows of one call: how often it was asked, what it said, what it did. Thread-safe. */
final class Ledger {

    private final List<Said> said = new ArrayList<>();
    private int requests;
    private int effects;
    private final Set<String> keys = new HashSet<>();

    synchronized int ask() {
        return requests++;
    }

    /** Does what was asked, unless it was done for that key before. */
    synchronized void act(String key) {
        if (key == null || keys.add(key)) {
            effects++;
        }
    }

    synchronized void say(Said answer) {
        said.add(answer);
    }

    synchronized int requests() {
        return requests;
    }

    synchronized int effects() {
        return effects;
    }

    synchronized List<Said> said() {
        return List.copyOf(said);
    }

    /** Whether an answer of that status was sent, so far that a client learns it. */
    synchronized boolean hasTold(int status) {
        return said.stream().anyMatch(answer -> answer.isHeard() && answer.status() == status);
    }
}
