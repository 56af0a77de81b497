package io.penstock.call;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Listeners;
import io.penstock.pipeline.ObservedSubscriber;
import io.penstock.pipeline.Reply;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.Plan;
import io.penstock.timeout.Scope;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A call with a single response. Its plan is made at the first subscription and kept: further subscriptions send the
 * same bytes with the same idempotency key, each under a deadline of its own. Only files are sent with their current
 * content at each subscription, unless there is a key.
 *
 * @hidden
 */
@Internal
public final class CallMono<T> extends Mono<ApiResponse<T>> {

    /**
     * Ensures that one of two concurrent subscribers makes the plan, because the lifetime of its key is counted once.
     */
    @SuppressWarnings("rawtypes") // a class literal has no type argument
    private static final AtomicReferenceFieldUpdater<CallMono, @Nullable Plan> PLAN =
            AtomicReferenceFieldUpdater.newUpdater(CallMono.class, Plan.class, "plan");

    private final ApiRequest<T> request;
    private final ClientRuntime client;
    private volatile @Nullable Plan plan;

    CallMono(ApiRequest<T> request, ClientRuntime client) {
        this.request = request;
        this.client = client;
    }

    @Override
    public void subscribe(CoreSubscriber<? super ApiResponse<T>> actual) {
        Scope scope = Scope.of(actual.currentContext());
        Call call;
        try {
            Plan known = plan;
            if (known == null) {
                if (request.payload().isStreamed()) {
                    throw ApiException.invalidRequest("payload: " + request.payload()
                            + " (expected: one that is read as a whole; client.stream(request) reads this one)");
                }
                known = client.planning().plan(request);
                known = PLAN.compareAndSet(this, null, known) ? known : Objects.requireNonNull(plan, "plan");
            }
            call = start(client, known, scope);
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            Operators.error(actual, e);
            return;
        }
        Listeners listeners = client.listeners();
        if (listeners == null) {
            send(client, call, new ResultSubscriber<>(actual, call, client, scope));
            return;
        }
        ObservedSubscriber<ApiResponse<T>> observed = listeners.call(call, actual);
        observed.subscribed(() -> send(client, call, new ResultSubscriber<>(observed, call, client, scope)));
    }

    static Call start(ClientRuntime client, Plan plan, @Nullable Scope scope) {
        Plan known = plan.anew();
        return scope == null
                ? Call.start(known, client.scheduler())
                : Call.start(known, client.scheduler(), scope, client);
    }

    static void send(ClientRuntime client, Call call, CoreSubscriber<Reply> actual) {
        if (call.timeoutNanos() == 0) {
            Operators.error(
                    actual,
                    new ApiException(Failure.of(
                            ErrorKind.DEADLINE_EXCEEDED,
                            Certainty.NOT_SENT,
                            Retryability.PERMANENT,
                            "no time left of the deadline that encloses this call: nothing was sent")));
            return;
        }
        client.pipeline().subscribe(call, actual);
    }

    /** A subscriber that converts the reply to the response, and adds the journey to every outcome. */
    private static final class ResultSubscriber<T> extends CallCompletion
            implements CoreSubscriber<Reply>, Subscription {
        private final CoreSubscriber<? super ApiResponse<T>> actual;
        private Subscription upstream = Operators.emptySubscription();

        ResultSubscriber(
                CoreSubscriber<? super ApiResponse<T>> actual, Call call, ClientRuntime client, @Nullable Scope scope) {
            super(call, client, scope);
            this.actual = actual;
        }

        @Override
        public void onSubscribe(Subscription s) {
            upstream = s;
            actual.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            if (!Operators.validate(n)) {
                return;
            }
            if (!moves(NEW, RUNNING)) {
                upstream.request(n);
            } else if (client.active().enter(this, scope)) {
                if (isOver()) {
                    leaves(); // cancelled meanwhile
                } else {
                    upstream.request(n);
                }
            } else {
                endEarly();
            }
        }

        @Override
        public void cancel() {
            boolean first = ends();
            upstream.cancel(); // operators also cancel after the response, and some do so twice
            leaves();
            if (first && (client.reporting().log().wantsEverything() || Journey.Capture.isIn(currentContext()))) {
                Journey journey = journey("cancelled by the caller");
                client.reporting().log().cancelled(call.plan(), journey, call.certainty());
                Journey.Capture.add(actual.currentContext(), journey);
            }
        }

        @Override
        void endEarly() {
            if (ends()) {
                upstream.cancel();
                fail(clientClosed());
            }
        }

        // The decoder created the value with the request's own Payload<T>, which travelled with the plan.
        @SuppressWarnings("unchecked")
        @Override
        public void onNext(Reply reply) {
            if (!ends()) {
                return;
            }
            T value = (T) reply.value();
            Journey journey = journey(null);
            try {
                client.active().succeeded(call.scheduler().now(TimeUnit.MILLISECONDS));
                client.reporting().log().succeeded(call.plan(), journey);
            } finally {
                Journey.Capture.add(actual.currentContext(), journey);
                actual.onNext(
                        new ApiResponse<>(reply.head().status(), reply.head().headers(), value, journey));
                actual.onComplete();
                leaves();
            }
        }

        @Override
        public void onError(Throwable error) {
            if (ends()) {
                fail(error);
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
            if (ends()) {
                actual.onComplete(); // a user's operator swallowed the reply
                leaves();
            }
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }
    }
}
