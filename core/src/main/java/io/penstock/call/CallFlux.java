package io.penstock.call;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Listeners;
import io.penstock.pipeline.ObservedSubscriber;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.StreamedBody;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import io.penstock.request.ApiRequest;
import io.penstock.request.Durations;
import io.penstock.request.Plan;
import io.penstock.timeout.Scope;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A call whose response body is read while it arrives. As with {@link CallMono}, its plan is made at the first
 * subscription and kept. The call and its deadline start with the first demand.
 *
 * @hidden
 */
@Internal
public final class CallFlux<T> extends Flux<T> {

    @SuppressWarnings("rawtypes") // a class literal has no type argument
    private static final AtomicReferenceFieldUpdater<CallFlux, @Nullable Plan> PLAN =
            AtomicReferenceFieldUpdater.newUpdater(CallFlux.class, Plan.class, "plan");

    private final ApiRequest<T> request;
    private final ClientRuntime client;
    private final StreamListener listener;
    private volatile @Nullable Plan plan;

    /**
     * A listener for the events of a stream besides its elements.
     *
     * @hidden
     */
    public interface StreamListener {
        /** Receives the head of the response, before the first element; an exception ends the call. */
        void head(ResponseHead head);

        /** Receives the journey of a call that completed. */
        void journey(Journey journey);
    }

    private static final long NEVER = Durations.LONGEST_NANOS;

    private static final StreamListener NO_LISTENER = new StreamListener() {
        @Override
        public void head(ResponseHead head) {
            // no listener
        }

        @Override
        public void journey(Journey journey) {
            // no listener
        }
    };

    public CallFlux(ApiRequest<T> request, ClientRuntime client) {
        this(request, client, NO_LISTENER);
    }

    public CallFlux(ApiRequest<T> request, ClientRuntime client, StreamListener listener) {
        this.request = request;
        this.client = client;
        this.listener = listener;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Plan known = plan;
        try {
            if (!request.payload().isStreamed()) {
                throw ApiException.invalidRequest("payload: " + request.payload()
                        + " (expected: elements, lines, events or parts; client.value(request) reads this one)");
            }
            if (known == null) {
                known = client.planning().plan(request);
                known = PLAN.compareAndSet(this, null, known) ? known : Objects.requireNonNull(plan, "plan");
            }
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            Operators.error(actual, e);
            return;
        }
        Duration whole = request.deadline();
        Listeners listeners = client.listeners();
        CoreSubscriber<? super T> told = listeners == null ? actual : listeners.<T>later(actual);
        told.onSubscribe(new Waiting<>(
                told,
                client,
                known,
                listener,
                Scope.of(actual.currentContext()),
                whole == null ? NEVER : Durations.nanosOf(whole)));
    }

    /**
     * A subscription that starts the call at the first demand; that demand and all that follows are kept until there is
     * a body. A cancel reaches the active one of the two: the call up to its reply, then the body. It marks
     * {@code elements} first, so that a body that arrives afterwards is cancelled at once. It may race with the first
     * demand: that writes {@code call} before it reads {@code cancelled}, and a cancel does so in reverse order, so
     * that one of them sees the other.
     */
    private static final class Waiting<T> implements Subscription {

        @SuppressWarnings("rawtypes") // a class literal has no type argument
        private static final AtomicIntegerFieldUpdater<Waiting> STARTED =
                AtomicIntegerFieldUpdater.newUpdater(Waiting.class, "started");

        private final CoreSubscriber<? super T> actual;
        private final ClientRuntime client;
        private final Plan plan;
        private final StreamListener listener;
        private final @Nullable Scope scope;
        private final long wholeNanos;
        private final Operators.DeferredSubscription elements = new Operators.DeferredSubscription();
        private volatile @Nullable Streaming<T> call;
        private volatile boolean cancelled;

        @SuppressWarnings("UnusedVariable") // through STARTED
        private volatile int started;

        Waiting(
                CoreSubscriber<? super T> actual,
                ClientRuntime client,
                Plan plan,
                StreamListener listener,
                @Nullable Scope scope,
                long wholeNanos) {
            this.actual = actual;
            this.wholeNanos = wholeNanos;
            this.client = client;
            this.plan = plan;
            this.listener = listener;
            this.scope = scope;
        }

        @Override
        public void request(long n) {
            if (!Operators.validate(n)) {
                return;
            }
            elements.request(n);
            if (!cancelled && STARTED.compareAndSet(this, 0, 1)) {
                Call started = CallMono.start(client, plan, scope);
                ObservedSubscriber<?> observed =
                        client.listeners() != null && actual instanceof ObservedSubscriber<?> told ? told : null;
                if (observed != null) {
                    observed.begins(started);
                }
                Streaming<T> streaming = new Streaming<>(
                        actual,
                        elements,
                        listener,
                        started,
                        client,
                        scope,
                        Math.min(wholeNanos, scope == null ? NEVER : scope.remainingNanos()));
                call = streaming;
                if (cancelled) {
                    return;
                }
                if (!client.active().enter(streaming, scope)) {
                    streaming.endEarly();
                } else if (streaming.isOver()) {
                    streaming.leaves(); // cancelled meanwhile
                } else if (observed == null) {
                    CallMono.send(client, started, streaming);
                } else {
                    observed.subscribed(() -> CallMono.send(client, started, streaming));
                }
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            elements.cancel();
            Streaming<T> running = call;
            if (running != null) {
                running.cancelled();
            }
        }
    }

    /** A subscriber that waits for the reply and then passes on the elements of its body. */
    private static final class Streaming<T> extends CallCompletion implements CoreSubscriber<Reply> {

        private final CoreSubscriber<? super T> actual;
        private final Operators.DeferredSubscription elements;
        private final StreamListener listener;
        private final Operators.DeferredSubscription reply = new Operators.DeferredSubscription();
        private final long wholeNanos;
        private final long endsAtNanos;
        /** Ends the body at a deadline; null if there is none. */
        private final Disposable.@Nullable Swap timer;

        private volatile @Nullable StreamedBody body;
        private volatile boolean endedEarly;
        private boolean replied;

        Streaming(
                CoreSubscriber<? super T> actual,
                Operators.DeferredSubscription elements,
                StreamListener listener,
                Call call,
                ClientRuntime client,
                @Nullable Scope scope,
                long wholeNanos) {
            super(call, client, scope);
            this.wholeNanos = wholeNanos;
            this.endsAtNanos = call.nowNanos() + wholeNanos;
            this.timer = wholeNanos >= NEVER / 2 ? null : Disposables.swap();
            this.actual = actual;
            this.elements = elements;
            this.listener = listener;
        }

        /**
         * Applies a deadline set by the user to the body as well; the client's own deadline ends with the first
         * element.
         */
        private void endAtDeadline(StreamedBody body, int status, Disposable.Swap at) {
            long left = Math.max(0, endsAtNanos - call.nowNanos());
            try {
                at.replace(SubscriberContext.schedule(
                        call.scheduler(),
                        () -> SubscriberContext.run(currentContext(), () -> body.cutOff(outOfTime(status))),
                        left));
            } catch (RejectedExecutionException e) {
                body.fail(closed(e, status));
            }
        }

        private ApiException closed(Throwable cause, int status) {
            return new ApiException(Failure.of(
                            ErrorKind.CLIENT_CLOSED,
                            call.certainty(),
                            Retryability.PERMANENT,
                            "the client's scheduler takes no more tasks: the deadline of the stream cannot be kept")
                    .withStatus(status)
                    .withCause(cause));
        }

        private ApiException outOfTime(int status) {
            return new ApiException(Failure.of(
                            ErrorKind.DEADLINE_EXCEEDED,
                            call.certainty(),
                            Retryability.PERMANENT,
                            "deadline of " + wholeNanos / 1_000_000 + " ms reached inside the stream")
                    .withStatus(status)
                    .withPhase(Phase.TOTAL));
        }

        private boolean over() {
            boolean first = ends();
            if (first && timer != null) {
                timer.dispose();
            }
            return first;
        }

        /**
         * A body under way is cut off, so that its elements and the error do not overlap. One that has arrived, but waits
         * for demand, is discarded.
         */
        @Override
        void endEarly() {
            if (body == null && moves(NEW, OVER)) {
                reply.cancel();
                fail(clientClosed());
                return;
            }
            StreamedBody begun = body; // written before the state, so it is seen now unless there is none
            if (begun != null) {
                SubscriberContext.run(currentContext(), () -> {
                    begun.cutOff(clientClosed());
                    if (!isOver()) {
                        endedEarly = true;
                        begun.discard();
                    }
                });
            }
        }

        void cancelled() {
            reply.cancel();
            boolean first = over();
            leaves();
            if (first) {
                Journey journey = journey("cancelled by the caller");
                client.reporting().log().cancelled(call.plan(), journey, call.certainty());
                Journey.Capture.add(actual.currentContext(), journey);
            }
        }

        @Override
        public void onSubscribe(Subscription s) {
            if (reply.set(s)) {
                s.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(Reply answer) {
            replied = true;
            body = answer.streamed();
            if (!moves(NEW, READING)) {
                answer.discard();
                return;
            }
            try {
                listener.head(answer.head());
            } catch (Throwable e) {
                Exceptions.throwIfFatal(e);
                answer.discard();
                onError(e);
                return;
            }
            StreamedBody reading = answer.streamed();
            if (reading == null) {
                completed(); // 204: nothing to read
            } else {
                if (timer != null) {
                    endAtDeadline(reading, answer.head().status(), timer);
                }
                reading.subscribe(new Elements<>(this));
            }
        }

        @Override
        public void onError(Throwable error) {
            if (over()) {
                fail(endedEarly ? clientClosed() : error);
            }
        }

        private void fail(Throwable error) {
            ApiException failed = concluded(error);
            try {
                client.active().failed(failed.kind(), call.scheduler().now(TimeUnit.MILLISECONDS));
                client.reporting().log().failed(call.plan(), failed);
            } finally {
                Journey.Capture.add(actual.currentContext(), failed.journey());
                actual.onError(failed);
                leaves();
            }
        }

        @Override
        public void onComplete() {
            if (!replied) {
                completed(); // a user's operator swallowed the reply
            }
        }

        void completed() {
            if (!over()) {
                return;
            }
            Journey journey = journey(null);
            try {
                client.active().succeeded(call.scheduler().now(TimeUnit.MILLISECONDS));
                client.reporting().log().succeeded(call.plan(), journey);
            } finally {
                Journey.Capture.add(actual.currentContext(), journey);
                listener.journey(journey);
                actual.onComplete();
                leaves();
            }
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }
    }

    private static final class Elements<T> implements CoreSubscriber<Object> {
        private final Streaming<T> streaming;

        Elements(Streaming<T> streaming) {
            this.streaming = streaming;
        }

        @Override
        public void onSubscribe(Subscription s) {
            streaming.elements.set(s); // cancels it if the caller has already cancelled
        }

        // The reader created the element with the request's own Payload<T>, which travelled with the plan.
        @SuppressWarnings("unchecked")
        @Override
        public void onNext(Object element) {
            streaming.actual.onNext((T) element);
        }

        @Override
        public void onError(Throwable error) {
            streaming.onError(error);
        }

        @Override
        public void onComplete() {
            streaming.completed();
        }

        @Override
        public Context currentContext() {
            return streaming.currentContext();
        }
    }
}
