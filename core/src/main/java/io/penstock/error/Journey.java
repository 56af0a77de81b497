package io.penstock.error;

import io.penstock.annotation.Internal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;
import reactor.util.function.Tuple2;
import reactor.util.function.Tuples;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The history of one logical call: every attempt, what was received, and the rule that decided what to do next.
 *
 * <p>Immutable. Every {@code ApiResponse} and every {@link ApiException} has one; a {@link Capture} collects those of
 * calls that emit a bare value. {@link #toString()} is one line for a log, {@link #timeline()} is for people,
 * {@link #toJson()} for machines. A journey holds no credential, no header value and no query. Of a body it holds at
 * most the one line in which the server says what is wrong.
 */
public final class Journey {

    private static final Journey NONE = new Journey();

    private final @Nullable String method;
    private final String target;
    private final @Nullable String key;
    private final long startedAtMillis;
    private final long elapsedNanos;
    private final @Nullable Attempt last;
    private final List<String> notes;
    private final @Nullable String ending;
    private final @Nullable String parent;

    private Journey() {
        this.method = null;
        this.target = "no call";
        this.key = null;
        this.startedAtMillis = 0;
        this.elapsedNanos = 0;
        this.last = null;
        this.notes = List.of();
        this.ending = "nothing was sent";
        this.parent = null;
    }

    private Journey(Source of, @Nullable String ending, @Nullable String parent) {
        this.method = of.method();
        this.target = of.target();
        this.key = of.keyValue();
        this.startedAtMillis = of.startedAtMillis();
        this.elapsedNanos = of.elapsedNanos();
        this.last = of.last();
        this.notes = of.notes();
        this.ending = ending;
        this.parent = parent;
    }

    /**
     * A source for the facts of a call, or of several calls that make up one operation.
     *
     * @hidden
     */
    @Internal
    public interface Source {

        /** Returns the request method, or null if nothing was requested. */
        @Nullable
        String method();

        /** Returns the path, without a query. */
        String target();

        /** Returns the idempotency key, or null if it has none. */
        @Nullable
        String keyValue();

        /** Returns when it was subscribed to, in milliseconds since the epoch. */
        long startedAtMillis();

        /** Returns how long it has taken so far. */
        long elapsedNanos();

        /** Returns what was sent so far, in order. */
        List<Attempt> attempts();

        /** Returns what was sent last, linked to what was sent before it; null if nothing was. */
        default @Nullable Attempt last() {
            Attempt last = null;
            for (Attempt next : attempts()) {
                last = next.after(last);
            }
            return last;
        }

        /** Returns other noteworthy events, in order. */
        List<String> notes();
    }

    /**
     * Returns the journey up to now.
     *
     * @param ending why it ended without success, or null
     * @param parent the operation that it is part of, or null
     * @hidden
     */
    @Internal
    public static Journey of(Source source, @Nullable String ending, @Nullable String parent) {
        return new Journey(source, ending, parent);
    }

    /** Returns an empty journey, for something that never became a call. */
    public static Journey none() {
        return NONE;
    }

    /** Returns an empty capture that keeps the last 100 journeys. */
    public static Capture capture() {
        return new Capture(Capture.USUAL);
    }

    /**
     * Returns an empty capture that keeps that many of the latest journeys.
     *
     * @throws ApiException INVALID_CONFIGURATION if that is less than one
     */
    public static Capture capture(int most) {
        if (most < 1) {
            throw ApiException.invalidConfiguration("journeys to keep: " + most + " (expected: >= 1)");
        }
        return new Capture(most);
    }

    /**
     * Emits the value together with the journeys of the calls that were made for it. Empty completion and errors pass
     * through. Every subscription has its own capture. For use with {@link Mono#as}: {@code mono.as(Journey::zip)}.
     */
    public static <T> Mono<Tuple2<T, List<Journey>>> zip(Mono<T> source) {
        return Mono.defer(() -> {
            Capture capture = capture();
            return source.map(value -> Tuples.of(value, capture.journeys())).contextWrite(capture);
        });
    }

    /**
     * The facts of one send.
     *
     * @hidden
     */
    @Internal
    public interface Send {

        /** Returns the place of the send among those of its call, from 1. */
        int ordinal();

        /** Returns the time from the subscription to the call to the start of the send. */
        long startedAfterNanos();

        /** Returns the time since its start. */
        long attemptElapsedNanos();

        /** Returns whether its connection had carried a request before. */
        boolean isReusedConnection();
    }

    /** One physical send, or an attempt to make one. Two attempts are equal if all their members are. */
    public static final class Attempt {

        private final int number;
        private final long startedAfterNanos;
        private final long elapsedNanos;
        private final int status;
        private final long receivedBytes;
        private final boolean reusedConnection;
        private final Sequel sequel;
        /** The attempt before this one, if it is known. Most calls need one attempt, and no list for it. */
        private final @Nullable Attempt before;

        /** What followed an attempt. All successes that nothing followed share one. */
        private record Sequel(
                @Nullable Failure failure, @Nullable String decision, long waitNanos) {

            static final Sequel NOTHING = new Sequel(null, null, 0);

            static Sequel of(@Nullable Failure failure, @Nullable String decision, long waitNanos) {
                return failure == null && decision == null && waitNanos == 0
                        ? NOTHING
                        : new Sequel(failure, decision, waitNanos);
            }
        }

        private Attempt(Send send, int status, long receivedBytes, Sequel sequel, @Nullable Attempt before) {
            this.number = send.ordinal();
            this.startedAfterNanos = send.startedAfterNanos();
            this.elapsedNanos = send.attemptElapsedNanos();
            this.status = status;
            this.receivedBytes = receivedBytes;
            this.reusedConnection = send.isReusedConnection();
            this.sequel = sequel;
            this.before = before;
        }

        private Attempt(Attempt of, Sequel sequel, @Nullable Attempt before) {
            this.number = of.number;
            this.startedAfterNanos = of.startedAfterNanos;
            this.elapsedNanos = of.elapsedNanos;
            this.status = of.status;
            this.receivedBytes = of.receivedBytes;
            this.reusedConnection = of.reusedConnection;
            this.sequel = sequel;
            this.before = before;
        }

        /**
         * Creates the attempt that a send has been, up to now. The call does not wait after it.
         *
         * @hidden
         */
        @Internal
        public static Attempt of(
                Send send, int status, long receivedBytes, @Nullable Failure failure, @Nullable String decision) {
            return new Attempt(send, status, receivedBytes, Sequel.of(failure, decision, 0), null);
        }

        /** Returns a copy with the decision that followed the attempt. */
        public Attempt withDecision(@Nullable String rule, long newWaitNanos) {
            return new Attempt(this, Sequel.of(failure(), rule, newWaitNanos), before);
        }

        /**
         * Returns the same attempt, linked to the one before it.
         *
         * @hidden
         */
        @Internal
        @SuppressWarnings("ReferenceEquality") // the same attempt, not a similar one
        public Attempt after(@Nullable Attempt previous) {
            return before == previous ? this : new Attempt(this, sequel, previous);
        }

        /**
         * Returns an attempt and those before it, in order.
         *
         * @hidden
         */
        @Internal
        public static List<Attempt> upTo(@Nullable Attempt last) {
            if (last == null) {
                return List.of();
            }
            Attempt[] all = new Attempt[count(last)];
            int next = all.length;
            for (Attempt attempt = last; attempt != null; attempt = attempt.before) {
                all[--next] = attempt;
            }
            return List.of(all);
        }

        private static int count(@Nullable Attempt last) {
            int count = 0;
            for (Attempt attempt = last; attempt != null; attempt = attempt.before) {
                count++;
            }
            return count;
        }

        /** Returns the number of the attempt, from 1. */
        public int number() {
            return number;
        }

        /** Returns nanoseconds from the subscription to the call to the start of the attempt. */
        public long startedAfterNanos() {
            return startedAfterNanos;
        }

        /** Returns nanoseconds from its start until its answer was decoded or its failure known. */
        public long elapsedNanos() {
            return elapsedNanos;
        }

        /** Returns the HTTP status, 0 if none was received. */
        public int status() {
            return status;
        }

        /** Returns bytes received of the decoded body. */
        public long receivedBytes() {
            return receivedBytes;
        }

        /** Returns whether the connection had carried a request before. */
        public boolean reusedConnection() {
            return reusedConnection;
        }

        /** Returns the failure, null for a success. */
        public @Nullable Failure failure() {
            return sequel.failure;
        }

        /** Returns the rule that decided what to do next, null after a success; for a poll, what its answer says. */
        public @Nullable String decision() {
            return sequel.decision;
        }

        /** Returns nanoseconds that the decision made the call wait; 0 if it did not. */
        public long waitNanos() {
            return sequel.waitNanos;
        }

        private List<@Nullable Object> members() {
            return Arrays.asList(
                    number, startedAfterNanos, elapsedNanos, status, receivedBytes, reusedConnection, sequel);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Attempt attempt && members().equals(attempt.members());
        }

        @Override
        public int hashCode() {
            return members().hashCode();
        }

        /** Returns its number and its outcome. */
        @Override
        public String toString() {
            return "Attempt[#" + number + " " + outcome() + "]";
        }

        private String outcome() {
            Failure f = failure();
            if (f == null) {
                return status == 0 ? "cancelled" : Integer.toString(status);
            }
            StringBuilder s = new StringBuilder();
            boolean answered =
                    status != 0 && f.certainty() != Certainty.NOT_SENT; // else it is that of a token exchange
            if (answered && (f.code() != null || f.kind() != ErrorKind.CONNECTION_LOST)) {
                s.append(status).append(' ').append(f.code() == null ? f.kind() : f.code());
            } else {
                s.append(f.message());
            }
            if (f.requestId() != null) {
                s.append(" (").append(f.requestId()).append(')');
            }
            return s.toString();
        }
    }

    /** Returns the attempts in order; empty if nothing was tried. */
    public List<Attempt> attempts() {
        return Attempt.upTo(last);
    }

    /**
     * Returns how many attempts there are.
     *
     * @hidden
     */
    @Internal
    public int attemptCount() {
        return Attempt.count(last);
    }

    /** Returns what was noticed on the way, such as an implausible wait hint or a redirect that was followed. */
    public List<String> notes() {
        return notes;
    }

    /** Returns the idempotency key that every attempt carried, or null. */
    public @Nullable String key() {
        return key;
    }

    /**
     * Returns the call, list or job that this call was part of, such as {@code POST /v1/scans #2}, or null if it was
     * made on its own.
     */
    public @Nullable String parent() {
        return parent;
    }

    /** Returns the time from the subscription to the result. */
    public Duration elapsed() {
        return Duration.ofNanos(elapsedNanos);
    }

    /** Returns when the call was subscribed to, by the wall clock of the client's scheduler. */
    public Instant startedAt() {
        return Instant.ofEpochMilli(startedAtMillis);
    }

    /** Returns one line: {@code POST /v1/scans  key=nightly  3 attempts  4.21 s  → 201}. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder();
        if (method != null) {
            line.append(method).append(' ');
        }
        line.append(target);
        if (key != null) {
            line.append("  key=").append(key);
        }
        int count = attemptCount();
        return line.append("  ")
                .append(count)
                .append(count == 1 ? " attempt  " : " attempts  ")
                .append(seconds(elapsedNanos))
                .append("  → ")
                .append(result())
                .toString();
    }

    private String result() {
        if (last == null) {
            return ending == null ? "nothing was tried" : ending;
        }
        if (ending != null && last.failure() == null) {
            return ending;
        }
        return last.outcome()
                + (last.failure() == null ? "" : "  " + last.failure().certainty());
    }

    /** Returns the line of {@link #toString()}, followed by a line for each attempt and each note. */
    public String timeline() {
        StringBuilder s = new StringBuilder(toString());
        for (Attempt a : attempts()) {
            Failure failure = a.failure();
            String decision = a.decision();
            long waitNanos = a.waitNanos();
            s.append(String.format(
                    Locale.ROOT,
                    "%n  #%-2d +%-9s %s   %s%s",
                    a.number,
                    seconds(a.startedAfterNanos),
                    a.outcome(),
                    seconds(a.elapsedNanos),
                    a.reusedConnection ? "   reused connection" : ""));
            if (failure != null) {
                s.append("   ").append(failure.certainty()).append(" → ");
                boolean resent = last != null && a.number < last.number;
                s.append(
                        waitNanos > 0
                                ? "wait " + seconds(waitNanos) + ", send again"
                                : resent ? "send again" : "give up");
                if (decision != null) {
                    s.append(" (").append(decision).append(')');
                }
            } else if (decision != null) {
                s.append("   ").append(decision);
                s.append(waitNanos > 0 ? " → wait " + seconds(waitNanos) + ", ask again" : "");
            }
        }
        for (String note : notes) {
            s.append(String.format(Locale.ROOT, "%n  note: %s", note));
        }
        return s.toString();
    }

    /** Returns the journey as one JSON object; times are in milliseconds. */
    public String toJson() {
        JsonNodeFactory json = JsonNodeFactory.instance;
        ObjectNode root = json.objectNode();
        root.put("method", method);
        root.put("target", target);
        root.put("key", key);
        root.put("parent", parent);
        root.put("startedAt", startedAt().toString());
        root.put("elapsedMs", elapsedNanos / 1e6);
        root.put("result", result());
        var list = root.putArray("attempts");
        for (Attempt a : attempts()) {
            Failure failure = a.failure();
            ObjectNode node = list.addObject();
            node.put("number", a.number);
            node.put("startedAfterMs", a.startedAfterNanos / 1e6);
            node.put("elapsedMs", a.elapsedNanos / 1e6);
            node.put("status", a.status);
            node.put("receivedBytes", a.receivedBytes);
            node.put("reusedConnection", a.reusedConnection);
            if (failure != null) {
                node.put("kind", failure.kind().name());
                node.put("certainty", failure.certainty().name());
                Phase phase = failure.phase();
                node.put("phase", phase == null ? null : phase.name());
                node.put("code", failure.code());
                node.put("requestId", failure.requestId());
                node.put("message", failure.message());
            }
            if (failure != null || a.decision() != null) {
                node.put("decision", a.decision());
                node.put("waitMs", a.waitNanos() / 1e6);
            }
        }
        var noted = root.putArray("notes");
        notes.forEach(noted::add);
        return root.toString();
    }

    private static String seconds(long nanos) {
        return nanos < 1_000_000_000L
                ? String.format(Locale.ROOT, "%d ms", Math.round(nanos / 1e6))
                : String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }

    /**
     * A collector of the journeys of all calls that a chain makes, for operations that emit a bare value.
     *
     * <pre>{@code
     * Journey.Capture capture = Journey.capture();
     * Mono<Target> target = invicti.target(id).contextWrite(capture);
     * // later, or in an operator below
     * capture.last().timeline();
     *
     * // one capture for each subscription
     * Mono<Tuple2<Target, List<Journey>>> both = invicti.target(id).as(Journey::zip);
     * }</pre>
     *
     * <p>A capture travels in the Reactor Context, as {@code Deadline} does, and applies to everything above
     * {@code contextWrite}. Each call of any client adds its journey when it ends, before its result is emitted,
     * whether it succeeds, fails or is cancelled. The pages of a list, the polls of a long operation, the calls of a
     * download and those of a {@code retry()} are calls of their own, and their journeys name the operation that they
     * are part of ({@link Journey#parent()}). The attempts of one call are in one journey. A token that is fetched for
     * several callers belongs to none of them and is left out.
     *
     * <pre>
     *  calls       page 1 |--#1 503--wait--#2 200--|   page 2 |--#1 200--|
     *  adds                                        J1                    J2
     *  emits                                       items                 items, complete
     * </pre>
     *
     * <p>A capture keeps the last 100 journeys, or the number passed to {@link Journey#capture(int)}; {@link #count()}
     * counts all. Subscribers that share a capture share its journeys: create one for each subscription to tell them
     * apart, or use {@link Journey#zip}. Nested captures each receive the journeys of the calls that they enclose. A
     * capture may be read on any thread, while calls are running.
     */
    public static final class Capture implements Function<Context, Context> {

        private static final int USUAL = 100;

        private final int most;
        private final Deque<Journey> journeys = new ArrayDeque<>();
        private long count;

        /** A capture in the Reactor Context, and the enclosing one. */
        private record Link(Capture capture, @Nullable Link outer) {

            static @Nullable Link of(ContextView context) {
                return context.getOrDefault(Link.class, null);
            }

            boolean has(Capture other) {
                return capture == other || (outer != null && outer.has(other));
            }
        }

        private Capture(int most) {
            this.most = most;
        }

        /** Returns the journeys of the calls that have ended, in the order in which they ended. */
        public synchronized List<Journey> journeys() {
            return List.copyOf(journeys);
        }

        /** Returns the journey of the call that ended last, or null if none has. */
        public synchronized @Nullable Journey last() {
            return journeys.peekLast();
        }

        /** Returns how many calls have ended, including those whose journeys are no longer kept. */
        public synchronized long count() {
            return count;
        }

        /** Adds this capture to the context. {@code contextWrite} calls this once per subscription. */
        @Override
        public Context apply(Context context) {
            Link outer = Link.of(context);
            return outer != null && outer.has(this) ? context : context.put(Link.class, new Link(this, outer));
        }

        /** Returns whether the context holds a capture. */
        public static boolean isIn(ContextView context) {
            return Link.of(context) != null;
        }

        /**
         * Adds the journey of a call that has ended to all enclosing captures.
         *
         * @hidden
         */
        @Internal
        public static void add(ContextView context, Journey journey) {
            for (Link link = Link.of(context); link != null; link = link.outer()) {
                link.capture().add(journey);
            }
        }

        /** Returns the context without its captures, for work that is shared by several callers. */
        public static Context without(Context context) {
            return isIn(context) ? context.delete(Link.class) : context;
        }

        private synchronized void add(Journey journey) {
            if (journeys.size() == most) {
                journeys.removeFirst();
            }
            journeys.addLast(journey);
            count++;
        }

        @Override
        public String toString() {
            return "Journey.Capture[" + count() + " calls, at most " + most + " kept]";
        }
    }
}
