package io.penstock.polling;

import io.penstock.error.ApiException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The server's words for the terminal states of a long operation, compared without case. Any other word, or none, means
 * that it is still running: vendors add words over time, and an operation must not be given up because of a new one.
 *
 * @param succeeded the words for success
 * @param failed the words for failure
 * @param cancelled the words for cancellation
 */
public record StateWords(Set<String> succeeded, Set<String> failed, Set<String> cancelled) {

    /**
     * Checks that there is a word for success, that none is blank, and that none has two meanings; throws an
     * {@link ApiException} of kind INVALID_CONFIGURATION.
     */
    public StateWords {
        succeeded = folded(succeeded);
        failed = folded(failed);
        cancelled = folded(cancelled);
        if (succeeded.isEmpty()) {
            throw ApiException.invalidConfiguration("succeeded: no word (expected: at least one that means success)");
        }
        List<String> all = List.of(succeeded, failed, cancelled).stream()
                .flatMap(Set::stream)
                .toList();
        for (String word : all) {
            if (word.isBlank() || all.stream().filter(word::equals).count() > 1) {
                throw ApiException.invalidConfiguration(
                        "state \"" + word + "\": " + (word.isBlank() ? "blank" : "stands for two ends")
                                + " (expected: a word that stands for one)");
            }
        }
    }

    /** Returns words for success only; others can be added. */
    public static StateWords succeeding(String... words) {
        return new StateWords(once(words), Set.of(), Set.of());
    }

    /** Returns a copy with these words for failure. */
    public StateWords failing(String... words) {
        return new StateWords(succeeded, once(words), cancelled);
    }

    /** Returns a copy with these words for cancellation. */
    public StateWords cancelling(String... words) {
        return new StateWords(succeeded, failed, once(words));
    }

    /** Returns the state that a word stands for. */
    public PollState of(@Nullable String word) {
        String folded = word == null ? "" : word.toLowerCase(Locale.ROOT);
        if (succeeded.contains(folded)) {
            return PollState.SUCCEEDED;
        }
        return failed.contains(folded)
                ? PollState.FAILED
                : cancelled.contains(folded) ? PollState.CANCELLED : PollState.RUNNING;
    }

    /** Returns the status for a word; null if the response has none. */
    public PollStatus status(@Nullable Object word) {
        String text = word == null ? null : word.toString();
        return PollStatus.of(of(text), text);
    }

    private static Set<String> once(String... words) {
        return Set.copyOf(List.of(words));
    }

    private static Set<String> folded(Set<String> words) {
        return Set.copyOf(words.stream()
                .map(word -> word.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new)));
    }
}
