package io.penstock.polling;

import io.penstock.call.ClientRuntime;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Journey.Attempt;
import io.penstock.request.ApiRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * The record of a polling for its journey: its last polls, each in place of an attempt. A polling may run for days, so
 * earlier polls are only counted. It is used by one thread at a time.
 */
final class PollAccount implements Journey.Source {

    static final int KEPT_POLLS = 100;
    static final int KEPT_NOTES = 20;

    private final ApiRequest<?> request;
    private final String target;
    private final @Nullable String parent;
    private final Scheduler clock;
    private final long startedNanos;
    private final long startedMillis;
    private final Deque<Attempt> polls = new ArrayDeque<>();
    private final List<String> notes = new ArrayList<>();
    private int count;
    private long pollStartedNanos;
    private @Nullable String lastWord;

    private record PollSend(int ordinal, long startedAfterNanos, long attemptElapsedNanos, boolean isReusedConnection)
            implements Journey.Send {}

    PollAccount(ApiRequest<?> request, ClientRuntime client, @Nullable String parent) {
        String path = request.resolve(client.planning().baseUri()).getRawPath();
        this.request = request;
        this.target = path.isEmpty() ? "/" : path;
        this.parent = parent;
        this.clock = client.scheduler();
        this.startedNanos = nowNanos();
        this.startedMillis = clock.now(TimeUnit.MILLISECONDS);
    }

    long nowNanos() {
        return clock.now(TimeUnit.NANOSECONDS);
    }

    @Override
    public long elapsedNanos() {
        return nowNanos() - startedNanos;
    }

    /** Returns how many polls were started. */
    int count() {
        return count;
    }

    /** Records the state in which the operation was seen. */
    void saw(String word) {
        lastWord = word;
    }

    /** Returns the state in which the operation was last seen, or null. */
    @Nullable
    String lastWord() {
        return lastWord;
    }

    /** Starts the next poll; returns its name, for the journey of its call. */
    String begin() {
        count++;
        pollStartedNanos = nowNanos();
        return "poll " + what() + " #" + count;
    }

    /** Returns the method and path, without the query. */
    String what() {
        return request.method() + " " + target;
    }

    /**
     * Records the end of a poll.
     *
     * @param failure the failure of the poll, or null
     * @param saying the state in the response, or the decision after the failure
     */
    void ended(Journey call, int status, @Nullable Failure failure, String saying, long waitNanos) {
        List<Attempt> sends = call.attempts();
        Attempt last = sends.isEmpty() ? null : sends.get(sends.size() - 1);
        if (polls.size() == KEPT_POLLS) {
            polls.removeFirst();
        }
        PollSend send = new PollSend(
                count,
                pollStartedNanos - startedNanos,
                nowNanos() - pollStartedNanos,
                last != null && last.reusedConnection());
        polls.addLast(Attempt.of(send, status, last == null ? 0 : last.receivedBytes(), failure, saying)
                .withDecision(saying, Math.max(0, waitNanos)));
    }

    void note(String text) {
        if (notes.size() < KEPT_NOTES && !notes.contains(text)) {
            notes.add(text);
        }
    }

    Journey journey(@Nullable String ending) {
        return Journey.of(this, ending, parent);
    }

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public @Nullable String keyValue() {
        return null;
    }

    @Override
    public long startedAtMillis() {
        return startedMillis;
    }

    @Override
    public List<Attempt> attempts() {
        return List.copyOf(polls);
    }

    @Override
    public List<String> notes() {
        List<String> all = new ArrayList<>(notes);
        if (count > polls.size() && !polls.isEmpty()) {
            all.add(count + " polls in all, of which the last " + polls.size() + " are shown");
        }
        return List.copyOf(all);
    }
}
