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
 * The elements of a body that is read while it arrives, for one subscriber whose demand reaches the socket. The next
 * part is requested only when all elements of the last one have been emitted and more are requested, so at most the
 * elements of one part are buffered.
 *
 * <pre>
 *  parts        |--p1---p2----------------p3--|
 *  elements            a b c                d
 *  reply              (head)
 *  demand       1             2 (nothing read until here) …
 * </pre>
 *
 * Elements are emitted on the connection's event loop, or on the thread that requests more while some are buffered.
 * Cancelling closes the connection. The sequence ends with an {@link ApiException} if the body breaks off or cannot be
 * read.
 *
 * <p>Resources held for the time of an attempt (a place, a slot, the record in the journey) are released
 * {@link #whenOver}.
 *
 * @hidden
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

    /** An end that discards the buffered elements. */
    private record CutOff(ApiException why) {}

    /**
     * A listener that is called once, when nothing more is read from the wire. Elements may still be buffered then.
     *
     * @hidden
     */
    @FunctionalInterface
    public interface Listener {
        /**
         * Called when the body is over.
         *
         * @param failure why it broke off; null if it is complete or was cancelled
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
    /**
     * The end: {@code COMPLETED}, {@code GIVEN_UP}, an exception or a {@code CutOff}. Set once, by the thread that
     * raises {@code ending}.
     */
    private volatile @Nullable Object over;

    private @Nullable ApiException failure;
    private volatile boolean cancelled;
    /** Whether the subscriber itself has cancelled, and expects no signal. */
    private volatile boolean left;

    /** Whether a part has been requested and has not arrived yet. */
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
     * Returns the reply to an attempt whose body is read while it arrives. The reply is emitted when the reader has its
     * first element, at the end of a body without elements, or at once if the reader
     * {@linkplain BodyReader#opensWithHead opens with the head}. An error before that is signalled in its place. The
     * publisher completes when nothing more is read from the wire.
     *
     * @param naming maps an error to a typed failure
     * @param home the serial executor of the parts: the connection's event loop
     * @param parts the parts, each valid only during its {@code onNext}
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

    /** Returns the reply as {@link #opening} does, from parts that already exist. For transports without a wire. */
    public static Mono<Reply> of(
            Attempt call, ResponseHead head, BodyReader reader, Publisher<? extends ByteBuf> parts) {
        return Flux.from(opening(call, head, reader, e -> Receiver.misread(call, e), Runnable::run, parts))
                .as(StreamedBody::detached);
    }

    private static Mono<Reply> detached(Flux<Reply> reply) {
        return Mono.create(sink -> sink.onCancel(reply.subscribe(sink::success, sink::error, sink::success)));
    }

    /** Returns whether a requested part is outstanding. Only then can the wire be considered silent. */
    public boolean isAwaited() {
        return awaiting && over == null;
    }

    /** Returns whether the body has been subscribed to. */
    public boolean isTaken() {
        return taken != 0;
    }

    /** Returns whether nothing more is read from the wire. */
    public boolean isOver() {
        return over != null;
    }

    /** Registers a listener for the end, and calls it at once if the body is already over. Listeners must not block. */
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

    /** Cancels the body. A subscriber that has not cancelled it, or comes only now, receives an error. */
    public void discard() {
        cancelled = true; // drops the elements that are still buffered
        if (end(GIVEN_UP)) {
            hangUp();
        }
        drain();
    }

    /** Ends the body with an error and closes the connection. Buffered elements are emitted first. */
    public void fail(ApiException why) {
        if (end(why)) {
            try {
                drain();
            } finally {
                hangUp();
            }
        }
    }

    /** Ends the body like {@link #fail}, but discards the buffered elements and signals the error at once. */
    public void cutOff(ApiException why) {
        if (end(new CutOff(why))) {
            try {
                drain();
            } finally {
                hangUp();
            }
        }
    }

    /** Notifies the listeners before the subscriber sees the end, so that their records are part of what it reports. */
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

    /**
     * Calls a listener. An exception that it throws must not keep the end from the other listeners or from downstream.
     */
    private static void tell(Listener listener, @Nullable ApiException why) {
        try {
            listener.over(why);
        } catch (Throwable e) {
            Exceptions.throwIfJvmFatal(e);
            Operators.onErrorDropped(e, Context.empty());
        }
    }

    /**
     * Closes the wire on the thread of the parts. A cancel on another thread could fall between a part and the request
     * for the next one.
     */
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
                left = true;
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
            if (subscriber == null && cancelled) {
                elements.clear();
            }
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
    }

    /** Returns false once downstream has received its last signal or has cancelled. */
    private boolean emit(CoreSubscriber<? super Object> subscriber) {
        long wanted = requested;
        long emitted = 0;
        for (; ; ) {
            Object how = over;
            if (cancelled) {
                elements.clear();
                if (!left) {
                    subscriber.onError(new IllegalStateException("the body was discarded before it was read"));
                }
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
     * The upstream side. Parts, their end and {@code close} run on the thread of the parts, and so does the opener's
     * cancel. {@code next} may run on any thread, which the source of the parts allows.
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

        /** Starts reading when the opener requests its reply. */
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

        /** Cancels the body and closes the connection when the opener cancels. */
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

        /**
         * Ends the body. Everything read before the end is emitted before it, however the body was split into parts.
         */
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
