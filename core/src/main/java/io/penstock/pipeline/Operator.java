package io.penstock.pipeline;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * A filter around an {@link Exchange}: it may change the call before, the reply after, or not call on at all.
 *
 * <pre>{@code
 * Operator tagged = Operator.of("tag", (call, next) -> {
 *     call.header("x-tag", "blue");
 *     return next.exchange(call);
 * });
 * }</pre>
 */
public interface Operator {

    /** Where a user's operator stands. */
    enum Position {
        /** Outside the retry loop: sees one reply or one error for each logical call. */
        PER_CALL,
        /** Inside the retry loop, after authentication: runs for every physical send. */
        PER_ATTEMPT
    }

    /**
     * Composes the reply. Called at subscription time, once per call or once per attempt, by the operator's position;
     * it must not block.
     *
     * @param call the call, or at {@link Position#PER_ATTEMPT} the attempt, whose headers may still be changed
     * @param next everything between here and the wire
     */
    Mono<Reply> apply(Call call, Exchange next);

    /**
     * Returns this operator in front of what follows it. Called once, when a client is built.
     *
     * @param next everything between here and the wire
     */
    default Exchange around(Exchange next) {
        return call -> Objects.requireNonNull(apply(call, next), "an operator gave null in place of a Mono");
    }

    /** A line for {@code client.inspect().explain(request)}. */
    String describe();

    /** An operator from a function. */
    static Operator of(String description, Filter filter) {
        return new Operator() {
            @Override
            public Mono<Reply> apply(Call call, Exchange next) {
                return filter.apply(call, next);
            }

            @Override
            public String describe() {
                return description;
            }
        };
    }

    /**
     * An operator from anything that transforms a publisher, such as the Resilience4j-reactor operators:
     *
     * <pre>{@code Operator.transforming("bulkhead", BulkheadOperator.of(bulkhead))}</pre>
     */
    static Operator transforming(String description, UnaryOperator<Publisher<Reply>> operator) {
        return of(description, (call, next) -> Mono.from(operator.apply(next.exchange(call))));
    }

    /** The function behind an operator. */
    @FunctionalInterface
    interface Filter {
        /** As {@link Operator#apply(Call, Exchange)}. */
        Mono<Reply> apply(Call call, Exchange next);
    }
}
