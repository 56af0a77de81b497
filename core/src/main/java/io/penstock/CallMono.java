package io.penstock;

import io.penstock.pipeline.Call;
import io.penstock.pipeline.Pipeline;
import io.penstock.pipeline.Plan;
import io.penstock.pipeline.Reply;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * An assembled call. Its plan is made at the first subscription and kept: whoever subscribes again sends the same bytes
 * with the same idempotency key, under a deadline of its own.
 */
final class CallMono<T> extends Mono<ApiResponse<T>> {

    private final ApiRequest<T> request;
    private final Planning planning;
    private final Pipeline pipeline;
    private final Scheduler scheduler;
    /** Made twice if two threads subscribe at once: the same twice, since planning is a pure function. */
    private volatile @Nullable Plan plan;

    CallMono(ApiRequest<T> request, Planning planning, Pipeline pipeline, Scheduler scheduler) {
        this.request = request;
        this.planning = planning;
        this.pipeline = pipeline;
        this.scheduler = scheduler;
    }

    @Override
    public void subscribe(CoreSubscriber<? super ApiResponse<T>> actual) {
        Call call;
        try {
            Plan known = plan;
            if (known == null) {
                known = planning.plan(request);
                plan = known;
            }
            call = Call.start(known, scheduler);
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            Operators.error(actual, e);
            return;
        }
        reply(call).subscribe(new ResultSubscriber<>(actual, call));
    }

    private Mono<Reply> reply(Call call) {
        try {
            return Objects.requireNonNull(pipeline.exchange(call), "an operator gave null in place of a Mono");
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            return Mono.error(e);
        }
    }

    /** Makes the response of the reply, and puts the journey on whatever comes. */
    private static final class ResultSubscriber<T> implements CoreSubscriber<Reply> {
        private final CoreSubscriber<? super ApiResponse<T>> actual;
        private final Call call;

        ResultSubscriber(CoreSubscriber<? super ApiResponse<T>> actual, Call call) {
            this.actual = actual;
            this.call = call;
        }

        @Override
        public void onSubscribe(Subscription s) {
            actual.onSubscribe(s);
        }

        // The decoder made the value by the request's own Payload<T>, which travelled with the plan.
        @SuppressWarnings("unchecked")
        @Override
        public void onNext(Reply reply) {
            T value = (T) reply.value();
            actual.onNext(new ApiResponse<>(reply.head().status(), reply.head().headers(), value, journey(null)));
        }

        @Override
        public void onError(Throwable error) {
            ApiException failed = error instanceof ApiException known
                    ? known
                    : new ApiException(Failure.of(
                                    ErrorKind.OPERATOR_FAILED,
                                    call.certaintyIfInterrupted(),
                                    Retryability.PERMANENT,
                                    "an operator failed with "
                                            + error.getClass().getSimpleName() + " (see the cause)")
                            .withCause(error));
            actual.onError(failed.conclude(journey(failed.failure()), call.retryAt()));
        }

        private Journey journey(@Nullable Failure failure) {
            return new Journey(
                    call.plan().method(),
                    call.plan().target(),
                    call.plan().key() == null ? null : call.plan().key().value(),
                    call.startedAtMillis(),
                    call.elapsedNanos(),
                    call.attempts(),
                    call.notes(),
                    failure == null ? null : failure.message());
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }
    }
}
