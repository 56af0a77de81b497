package io.penstock.test.proof;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The sums over all cases. Thread-safe. */
final class Tally {

    private static final int SHOWN = 40;

    private final List<String> findings = new ArrayList<>();
    private final List<String> vagueCases = new ArrayList<>();
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private int points;
    private int sends;
    private int effects;
    private int duplicates;
    private int wrongCertainties;
    private int otherFaults;
    private int vague;
    private int disturbed;

    synchronized void add(ProofCase tried, Lane.Run run) {
        Oracle.Verdict verdict = run.verdict();
        points++;
        sends += run.sends();
        effects += run.effects();
        duplicates += verdict.duplicates();
        wrongCertainties += verdict.wrongCertainties().size();
        otherFaults += verdict.otherFaults().size();
        disturbed += verdict.disturbed() ? 1 : 0;
        outcomes.merge(name(run.outcome()), 1, Integer::sum);
        if (verdict.vague()) {
            vague++;
            vagueCases.add(tried.toString());
        }
        if (verdict.duplicates() > 0) {
            findings.add(tried + "  " + run.effects() + " effects");
        }
        verdict.wrongCertainties().forEach(text -> findings.add(tried + "  " + text));
        verdict.otherFaults().forEach(text -> findings.add(tried + "  " + text));
    }

    synchronized void broken(ProofCase tried, Exception why) {
        otherFaults++;
        findings.add(tried + "  the bench failed: " + why);
    }

    private static String name(Outcome outcome) {
        return outcome instanceof Outcome.Failure failed
                ? String.valueOf(failed.certainty())
                : outcome.getClass().getSimpleName();
    }

    synchronized int points() {
        return points;
    }

    synchronized int duplicates() {
        return duplicates;
    }

    synchronized int wrongCertainties() {
        return wrongCertainties;
    }

    synchronized int effects() {
        return effects;
    }

    synchronized Map<String, Integer> outcomes() {
        return new TreeMap<>(outcomes);
    }

    /** One line for each thing that must not be; it begins with the id of its case. */
    synchronized List<String> findings() {
        return List.copyOf(findings);
    }

    synchronized String findingsAsText() {
        List<String> sorted = new ArrayList<>(findings);
        Collections.sort(sorted);
        return String.join("\n", sorted.subList(0, Math.min(SHOWN, sorted.size())));
    }

    synchronized String vagueAsText() {
        List<String> sorted = new ArrayList<>(vagueCases);
        Collections.sort(sorted);
        return String.join("\n", sorted.subList(0, Math.min(SHOWN, sorted.size())));
    }

    synchronized String summary(int leakedBuffers, double seconds) {
        return String.format(
                Locale.ROOT,
                "one effect: %d fault points, %d sends, %d effects, %d duplicates, %d wrong certainties, %d other faults,"
                        + " %d leaked buffers, %d needlessly vague, %d disturbed by the machine; %s; %.0f s",
                points,
                sends,
                effects,
                duplicates,
                wrongCertainties,
                otherFaults,
                leakedBuffers,
                vague,
                disturbed,
                outcomes,
                seconds);
    }
}
