package io.penstock.pipeline;

import io.netty.buffer.ByteBuf;
import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * The elements of a body that is read while it arrives: one subscriber, whose demand reaches the socket. The next part is
 * asked for only when all elements of the last one are gone and more are wanted, so that no more than the elements of one
 * part are held.
 *
 * <pre>
 *  parts        |--p1---p2----------------p3--|
 *  elements            a b c                d
 *  reply              (head)
 *  demand       1             2 (nothing read until here) …
 * </pre>
 *
 * Elements are emitted on the connection's event loop, or on the thread that asks for more while there are some. Cancelling
 * closes the connection. It ends with an {@link ApiException} where the body breaks off or cannot be read.
 *
 * <p>What is held for the time of an attempt (a place, a slot, the record in the journey) is let go {@link #whenOver}.
 */
@Internal
public final class StreamedBody extends Flux<Object> {

    private static final AtomicIntegerFieldUpdater<StreamedBody> WIP =
            AtomicIntegerFieldUpdater.newUpdater(StreamedBody.class, "wip");
    private static final AtomicIntegerFieldUpdater<StreamedBody> ENDING =
            AtomicIntegerFieldUpdater.newUpdater(StreamedBody.class, "ending");
    private static final AtomicIntegerFieldUpdater<StreamedBody> TAKEN =
            AtomicIntegerFieldUpdater.newUpdater(StreamedBody.class, "taken");
    private static final AtomicLongFieldUpdater<StreamedBody> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(StreamedBody.class, "requested");

    private static final Object COMPLETED = new Object();
    private static final Object GIVEN_UP = new Object();

    /** An end that does not wait for the elements that are there. */
    private record CutOff(ApiException why) {}

    /** Told once, when no more is read from the wire; elements may still wait for their subscriber. */
    @FunctionalInterface
    public interface Listener {
        /**
         * The body is over.
         *
         * @param failure why it broke off; null if it came to its end, or was cancelled
         */
        void over(@Nullable ApiException failure);
    }

    private final Attempt call;
    private final ResponseHead head;
    private final BodyReader reader;
    private final Function<Throwable, ApiException> naming;
    private final Executor home;
    private final Wire wire;
    private final Queue<Object> elements = Queues.unbounded(64).get();
    private @Nullable List<Listener> listeners = new ArrayList<>(3);

    private volatile @Nullable CoreSubscriber<? super Object> actual;
    /** How it has ended: {@code COMPLETED}, {@code GIVEN_UP}, an exception or a {@code CutOff}. Set once by whoever raises {@code ending}. */
    private volatile @Nullable Object over;

    private @Nullable ApiException failure;
    private volatile boolean cancelled;

    /** Whether a part has been asked for that has not come. */
    private volatile boolean awaiting;

    @SuppressWarnings("UnusedVariable") // through WIP
    private volatile int wip;

    private volatile int ending;

    private volatile int taken;
    private volatile long requested;

    private StreamedBody(
            Attempt call,
            ResponseHead head,
            BodyReader reader,
            Function<Throwable, ApiException> naming,
            Executor home,
            CoreSubscriber<? super Reply> opener) {
        this.call = call;
        this.head = head;
        this.reader = reader;
        this.naming = naming;
        this.home = home;
        this.wire = new Wire(opener);
    }

    /**
     * The reply to an attempt whose body is read while it arrives. It is emitted when the reader has its first element, at
     * the end of a body without any, or at once if the reader {@linkplain BodyReader#opensWithHead opens with the head};
     * what goes wrong before is its error. It completes when nothing more is read from the wire.
     *
     * @param naming makes a typed failure of what goes wrong
     * @param home the thread of the parts, one task after the other: the connection's event loop
     * @param parts the parts, each lent for the time of its {@code onNext}
     */
    public static Publisher<Reply> opening(
            Attempt call,
            ResponseHead head,
            BodyReader reader,
            Function<Throwable, ApiException> naming,
            Executor home,
            Publisher<? extends ByteBuf> parts) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Reply> opener) {
                parts.subscribe(SubscriberContext.<ByteBuf>restoring(
                        new StreamedBody(call, head, reader, naming, home, opener).wire));
            }
        };
    }

    /** As {@link #opening}, of parts that are there: for transports without a wire. */
    public static Mono<Reply> of(
            Attempt call, ResponseHead head, BodyReader reader, Publisher<? extends ByteBuf> parts) {
        return Flux.from(opening(call, head, reader, e -> Receiver.misread(call, e), Runnable::run, parts))
                .as(StreamedBody::detached);
    }

    private static Mono<Reply> detached(Flux<Reply> reply) {
        return Mono.create(sink -> sink.onCancel(reply.subscribe(sink::success, sink::error, sink::success)));
    }

    /** Whether a part is waited for that somebody wants: only then can a wire be called silent. */
    public boolean isAwaited() {
        return awaiting && over == null;
    }

    /** Whether somebody has subscribed. */
    public boolean isTaken() {
        return taken != 0;
    }

    /** Whether nothing more is read from the wire. */
    public boolean isOver() {
        return over != null;
    }

    /** Asks to be told when it is over: at once where it is already. Listeners must not block. */
    public void whenOver(Listener listener) {
        ApiException why;
        synchronized (this) {
            List<Listener> waiting = listeners;
            if (waiting != null) {
                waiting.add(listener);
                return;
            }
            why = failure;
        }
        listener.over(why);
    }

    /** Gives it up: nobody wants it. */
    public void discard() {
        cancelled = true; // what has been read and not been taken is dropped
        if (end(GIVEN_UP)) {
            hangUp();
        }
        if (WIP.getAndIncrement(this) == 0) {
            elements.clear(); // wip stays above zero: nobody gets in any more
        }
    }

    /** Ends it with an error and closes the connection; elements that are there are still emitted before. */
    public void fail(ApiException why) {
        if (end(why)) {
            try {
                drain();
            } finally {
                hangUp();
            }
        }
    }

    /** As {@link #fail}, but at once: elements that are there and have not been asked for are dropped. */
    public void cutOff(ApiException why) {
        if (end(new CutOff(why))) {
            try {
                drain();
            } finally {
                hangUp();
            }
        }
    }

    /** Listeners are told before anybody downstream: what they record belongs to what downstream reports. */
    private boolean end(Object how) {
        if (!ENDING.compareAndSet(this, 0, 1)) {
            return false;
        }
        ApiException why = how instanceof ApiException e ? e : how instanceof CutOff cut ? cut.why() : null;
        List<Listener> waiting;
        synchronized (this) {
            waiting = listeners;
            listeners = null;
            failure = why;
        }
        if (waiting != null) {
            waiting.forEach(listener -> tell(listener, why));
        }
        over = how;
        return true;
    }

    /** What one listener throws must not cost the others their word, nor downstream its end. */
    private static void tell(Listener listener, @Nullable ApiException why) {
        try {
            listener.over(why);
        } catch (Throwable e) {
            Exceptions.throwIfJvmFatal(e);
            Operators.onErrorDropped(e, Context.empty());
        }
    }

    /** On the thread of the parts: a cancel from elsewhere could fall between a part and the request for the next. */
    private void hangUp() {
        try {
            home.execute(wire::close);
        } catch (RejectedExecutionException e) {
            wire.close(); // the event loop has been shut down, and its connections with it
        }
    }

    @Override
    public void subscribe(CoreSubscriber<? super Object> subscriber) {
        if (!TAKEN.compareAndSet(this, 0, 1)) {
            Operators.error(subscriber, new IllegalStateException("a body arrives once: it has a subscriber already"));
            return;
        }
        subscriber.onSubscribe(new Subscription() {
            @Override
            public void request(long n) {
                if (Operators.validate(n)) {
                    Operators.addCap(REQUESTED, StreamedBody.this, n);
                    drain();
                }
            }

            @Override
            public void cancel() {
                discard();
            }
        });
        actual = subscriber;
        drain();
    }

    private void drain() {
        if (WIP.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            CoreSubscriber<? super Object> subscriber = actual;
            if (subscriber != null && !emit(subscriber)) {
                return; // ended: wip stays above zero
            }
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
    }

    /** False once downstream has had its last signal, or wants none. */
    private boolean emit(CoreSubscriber<? super Object> subscriber) {
        long wanted = requested;
        long emitted = 0;
        for (; ; ) {
            Object how = over;
            if (cancelled) {
                elements.clear();
                return false;
            }
            if (how instanceof CutOff cut) {
                elements.clear();
                subscriber.onError(cut.why());
                return false;
            }
            if (elements.isEmpty()) {
                if (how != null) {
                    finish(subscriber, how);
                    return false;
                }
                break;
            }
            if (emitted == wanted) {
                break;
            }
            Object element = elements.poll();
            if (element != null) {
                subscriber.onNext(element);
                emitted++;
            }
        }
        if (emitted != 0 && wanted != Long.MAX_VALUE) {
            REQUESTED.addAndGet(this, -emitted);
        }
        if (requested > 0 && elements.isEmpty() && over == null && !awaiting) {
            wire.next();
        }
        return true;
    }

    private static void finish(CoreSubscriber<? super Object> subscriber, Object how) {
        if (how instanceof ApiException why) {
            subscriber.onError(why);
        } else {
            subscriber.onComplete();
        }
    }

    /**
     * The side of the wire. Parts, their end and {@code close} come on the thread of the parts; {@code next} from anywhere,
     * which the source of the parts allows. The opener's cancel comes on that thread too.
     */
    private final class Wire implements CoreSubscriber<ByteBuf>, Subscription {

        private final CoreSubscriber<? super Reply> opener;
        private Subscription upstream = Operators.emptySubscription();
        private boolean started;
        private boolean opened;
        private boolean closed;

        Wire(CoreSubscriber<? super Reply> opener) {
            this.opener = opener;
        }

        @Override
        public void onSubscribe(Subscription s) {
            upstream = s;
            opener.onSubscribe(this);
        }

        /** The opener wants its reply. */
        @Override
        public void request(long n) {
            if (!Operators.validate(n) || started) {
                return;
            }
            started = true;
            if (reader.opensWithHead()) {
                open();
            } else {
                next();
            }
        }

        /** The opener has gone, and the connection with it. */
        @Override
        public void cancel() {
            closed = true;
            upstream.cancel();
            discard();
        }

        void close() {
            if (!closed) {
                closed = true;
                upstream.cancel();
                opener.onComplete();
            }
        }

        void next() {
            awaiting = true;
            upstream.request(1);
        }

        private void open() {
            opened = true;
            opener.onNext(new Reply(head, StreamedBody.this, 0));
        }

        @Override
        public void onNext(ByteBuf part) {
            if (ending != 0) {
                return;
            }
            call.received(part.readableBytes());
            try {
                reader.read(part, elements::add);
            } catch (Throwable e) {
                Exceptions.throwIfFatal(e);
                upstream.cancel();
                ended(Receiver.misread(call, e));
                return;
            }
            awaiting = false;
            if (!opened && !elements.isEmpty()) {
                open();
            }
            if (opened) {
                drain();
            } else {
                next();
            }
        }

        @Override
        public void onComplete() {
            if (ending != 0) {
                return;
            }
            try {
                reader.end(elements::add);
            } catch (Throwable e) {
                Exceptions.throwIfFatal(e);
                ended(Receiver.misread(call, e));
                return;
            }
            ended(COMPLETED);
        }

        @Override
        public void onError(Throwable error) {
            if (ending == 0) {
                ended(named(error));
            }
        }

        private ApiException named(Throwable error) {
            try {
                return naming.apply(error);
            } catch (Throwable e) {
                Exceptions.throwIfJvmFatal(e);
                return Receiver.misread(call, e);
            }
        }

        /** Whatever was read before the end is emitted before it, however the body was cut into parts. */
        private void ended(Object how) {
            awaiting = false;
            closed = true;
            boolean fruitless = !opened && elements.isEmpty() && how instanceof ApiException;
            if (!end(how)) {
                opener.onComplete();
            } else if (fruitless && how instanceof ApiException why) {
                opener.onError(why);
            } else {
                if (!opened) {
                    open();
                }
                drain();
                opener.onComplete();
            }
        }

        @Override
        public Context currentContext() {
            return opener.currentContext();
        }
    }
}
