package io.penstock;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;
import reactor.util.function.Tuple2;
import reactor.util.function.Tuples;

/**
 * The journeys of all calls that a chain makes, for operations that emit a bare value.
 *
 * <pre>{@code
 * JourneyCapture capture = JourneyCapture.create();
 * Mono<Target> target = invicti.target(id).contextWrite(capture);
 * // later, or in an operator below
 * capture.last().timeline();
 *
 * // one capture for each subscription
 * Mono<Tuple2<Target, List<Journey>>> both = invicti.target(id).as(JourneyCapture::zip);
 * }</pre>
 *
 * <p>It travels in the Reactor Context, as {@link Deadline} does, and holds for everything above {@code contextWrite}: each
 * call of any client adds its journey when it ends, before its result is emitted, whether it succeeds, fails or is
 * cancelled. The pages of a list, the polls of a long operation, the calls of a download and those of a {@code retry()} are
 * calls of their own; their journeys name what they are a part of ({@link Journey#parent()}). The attempts of one call stand
 * in one journey. A token that is fetched for several callers belongs to none of them and is left out.
 *
 * <pre>
 *  calls       page 1 |--#1 503--wait--#2 200--|   page 2 |--#1 200--|
 *  adds                                        J1                    J2
 *  emits                                       items                 items, complete
 * </pre>
 *
 * <p>It keeps the last 100 journeys, or as many as it is told to; {@link #count()} counts all. Subscribers that share a
 * capture share its journeys: make one for each subscription to tell them apart, or use {@link #zip}. Nested captures all
 * get the journeys of what they enclose. It may be read on any thread, while calls run.
 */
public final class JourneyCapture implements Function<Context, Context> {

    private static final int USUAL = 100;

    private final int most;
    private final Deque<Journey> journeys = new ArrayDeque<>();
    private long count;

    /** A capture in the Reactor Context, and the one that encloses it. */
    private record Link(JourneyCapture capture, @Nullable Link outer) {

        static @Nullable Link of(ContextView context) {
            return context.getOrDefault(Link.class, null);
        }

        boolean has(JourneyCapture other) {
            return capture == other || (outer != null && outer.has(other));
        }
    }

    private JourneyCapture(int most) {
        this.most = most;
    }

    /** Returns an empty capture that keeps the last 100 journeys. */
    public static JourneyCapture create() {
        return new JourneyCapture(USUAL);
    }

    /**
     * Returns an empty capture that keeps that many journeys, the last ones.
     *
     * @throws ApiException INVALID_CONFIGURATION if that is less than one
     */
    public static JourneyCapture ofLast(int most) {
        if (most < 1) {
            throw ApiException.invalidConfiguration("journeys to keep: " + most + " (expected: >= 1)");
        }
        return new JourneyCapture(most);
    }

    /**
     * Emits the value with the journeys of the calls that were made for it; empty and errors pass through. Every
     * subscription has a capture of its own. For {@link Mono#as}: {@code mono.as(JourneyCapture::zip)}.
     */
    public static <T> Mono<Tuple2<T, List<Journey>>> zip(Mono<T> source) {
        return Mono.defer(() -> {
            JourneyCapture capture = create();
            return source.map(value -> Tuples.of(value, capture.journeys())).contextWrite(capture);
        });
    }

    /** Returns the journeys of the calls that have ended, in the order of their ends. */
    public synchronized List<Journey> journeys() {
        return List.copyOf(journeys);
    }

    /** Returns the journey of the call that ended last, or null if none has. */
    public synchronized @Nullable Journey last() {
        return journeys.peekLast();
    }

    /** Returns how many calls have ended, those included whose journeys are not kept any more. */
    public synchronized long count() {
        return count;
    }

    /** Called by {@code contextWrite}, once per subscription. */
    @Override
    public Context apply(Context context) {
        Link outer = Link.of(context);
        return outer != null && outer.has(this) ? context : context.put(Link.class, new Link(this, outer));
    }

    /** Whether anybody wants the journeys of what is subscribed to with that context. */
    static boolean isIn(ContextView context) {
        return Link.of(context) != null;
    }

    /** Adds the journey of a call that has ended to all captures around it. */
    static void add(ContextView context, Journey journey) {
        for (Link link = Link.of(context); link != null; link = link.outer()) {
            link.capture().add(journey);
        }
    }

    /** The same context, for what is done for several callers at once. */
    static Context without(Context context) {
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
        return "JourneyCapture[" + count() + " calls, at most " + most + " kept]";
    }
}
