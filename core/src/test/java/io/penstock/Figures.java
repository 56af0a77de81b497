package io.penstock;

import java.util.ArrayList;
import java.util.List;

/** Figures that the tests of a class have measured, printed in one line once all have run. */
public final class Figures {

    private final String title;
    private final List<String> entries = new ArrayList<>();

    public Figures(String title) {
        this.title = title;
    }

    public void add(String entry) {
        entries.add(entry);
    }

    /** Prints the line, for a method that runs after all tests. */
    @SuppressWarnings("SystemOut") // a green build prints figures, and nothing else
    public void print() {
        System.out.println(title + ": " + String.join("; ", entries));
    }
}
