package io.penstock.pipeline;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * A filter around an {@link Exchange}. It may change the call on the way in, change the reply on the way out, or answer
 * without calling on.
 *
 * <pre>{@code
 * Operator tagged = Operator.of("tag", (call, next) -> {
 *     call.header("x-tag", "blue");
 *     return next.exchange(call);
 * });
 * }</pre>
 */
public interface Operator {

    /** The position of a user's operator. */
    enum Position {
        /** Outside the retry loop: sees one reply or one error for each logical call. */
        PER_CALL,
        /** Inside the retry loop, after authentication: runs for every physical send. */
        PER_ATTEMPT
    }

    /**
     * Returns the composed reply. Called at subscription time, once per call or once per attempt, depending on the
     * operator's position. It must not block.
     *
     * @param call the call, or at {@link Position#PER_ATTEMPT} the attempt, whose headers may still be changed
     * @param next everything between here and the wire
     */
    Mono<Reply> apply(Call call, Exchange next);

    /**
     * Returns this operator composed around the next exchange. Called once, when a client is built.
     *
     * @param next everything between here and the wire
     */
    default Exchange around(Exchange next) {
        return call -> Objects.requireNonNull(apply(call, next), "an operator gave null in place of a Mono");
    }

    /** Returns a line for {@code client.inspect().explain(request)}. */
    String describe();

    /** Creates an operator from a function. */
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
     * Creates an operator from any function that transforms a publisher, such as the Resilience4j-reactor operators:
     *
     * <pre>{@code Operator.transforming("bulkhead", BulkheadOperator.of(bulkhead))}</pre>
     */
    static Operator transforming(String description, UnaryOperator<Publisher<Reply>> operator) {
        return of(description, (call, next) -> Mono.from(operator.apply(next.exchange(call))));
    }

    /** The function behind an operator. */
    @FunctionalInterface
    interface Filter {
        /** Returns the composed reply, as {@link Operator#apply(Call, Exchange)} does. */
        Mono<Reply> apply(Call call, Exchange next);
    }
}
