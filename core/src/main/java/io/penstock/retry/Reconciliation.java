package io.penstock.retry;

import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import io.penstock.request.Durations;
import io.penstock.request.Probe;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The lookups of a {@link Probe} for a call whose effect is unknown. This is off the hot path, so Reactor's own
 * operators are worth their cost.
 */
final class Reconciliation {

    /** The result of a probe. */
    sealed interface Finding {
        /** An effect that took place, with its result. */
        record Done(Reply reply) implements Finding {}

        /** An effect that was not found, which is final after the settling time. */
        record NotDone(String why) implements Finding {}

        /** An effect that was not found or whose lookup failed: it remains unknown. */
        record Unknown(String why) implements Finding {}
    }

    private static final int NOT_MODIFIED = 304;

    private final BiFunction<Call, ApiRequest<?>, Mono<? extends ApiResponse<?>>> client;
    private final Backoff pauses;

    /**
     * Creates a reconciliation that sends its lookups through a client.
     *
     * @param client makes a call within what is left of another call's deadline
     * @param pauses the backoff between two lookups
     */
    Reconciliation(BiFunction<Call, ApiRequest<?>, Mono<? extends ApiResponse<?>>> client, Backoff pauses) {
        this.client = client;
        this.pauses = pauses;
    }

    /** Emits exactly one finding and never an error; cancelling it stops the lookups. */
    Mono<Finding> look(Call call, Probe<?> probe) {
        return look(call, probe, call.nowNanos(), 1)
                .onErrorResume(e -> Mono.just(new Finding.Unknown("looking with " + probe + " failed: "
                        + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()))));
    }

    private Mono<Finding> look(Call call, Probe<?> probe, long sinceNanos, int times) {
        long lookedAt = call.nowNanos(); // an absence is as old as the lookup, not as its response
        return client.apply(call, probe.lookup())
                .<Finding>map(answer -> finding(answer, probe.found()))
                .defaultIfEmpty(new Finding.Unknown("no answer"))
                .flatMap(finding -> finding instanceof Finding.Done
                        ? Mono.just(finding)
                        : absent(call, probe, sinceNanos, lookedAt, times));
    }

    private static Finding finding(ApiResponse<?> answer, Function<Object, ? extends @Nullable Object> found) {
        if (answer.status() == NOT_MODIFIED) {
            throw new IllegalStateException(
                    "304 says nothing of what is there (expected: a lookup without a condition)");
        }
        Object value = answer.value();
        Object result = value == null ? null : found.apply(value);
        return result == null
                ? new Finding.Unknown("not there")
                : new Finding.Done(new Reply(new ResponseHead(answer.status(), answer.headers()), result, 0));
    }

    private Mono<Finding> absent(Call call, Probe<?> probe, long sinceNanos, long lookedAt, int times) {
        Duration settling = probe.settling();
        if (settling == null) {
            return Mono.just(new Finding.Unknown("not found with " + probe + ", which may be too early to tell"));
        }
        if (lookedAt - sinceNanos >= Durations.nanosOf(settling)) {
            return Mono.just(new Finding.NotDone(
                    "not found with " + probe + " for " + settling.toMillis() + " ms: it was not done"));
        }
        long leftNanos = Math.max(0, Durations.nanosOf(settling) - (call.nowNanos() - sinceNanos));
        if (leftNanos >= call.deadlineNanos() - call.nowNanos()) {
            return Mono.just(new Finding.Unknown(
                    "not found with " + probe + ", and the deadline leaves no time to wait until that is final"));
        }
        long pause = Math.min(leftNanos, pauses.nanosAfter(times, 0.5));
        return SubscriberContext.delay(Duration.ofNanos(pause), call.scheduler())
                .flatMap(tick -> look(call, probe, sinceNanos, times + 1));
    }
}
