package io.penstock.timeout;

import io.penstock.annotation.Internal;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Reply;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A wrapper around the users' operators that informs the calls that they make, of this client or another, about the
 * enclosing call: how much time is left, and that it is retried already. Without this, three nested clients with four
 * attempts each would send 64 requests for one.
 *
 * @hidden
 */
@Internal
public final class Nesting implements Operator {

    private final int maxAttempts;
    private final Supplier<@Nullable Object> holding;

    /**
     * Creates the wrapper for the operators at one position.
     *
     * @param maxAttempts how often their work is done at most, unless the request sets another number; 0 if it is not repeated
     * @param holding the client whose admission permit the call holds at this position
     */
    public Nesting(int maxAttempts, Supplier<@Nullable Object> holding) {
        this.maxAttempts = maxAttempts;
        this.holding = holding;
    }

    @Override
    public Mono<Reply> apply(Call call, Exchange next) {
        boolean repeated = call.plan().settings().maxAttempts(maxAttempts) > 1 && maxAttempts > 0;
        return next.exchange(call)
                .contextWrite(
                        context -> Scope.inside(call, repeated, holding.get()).in(context));
    }

    @Override
    public String describe() {
        return "calls made below share this call's deadline"
                + (maxAttempts > 1 ? " and are sent once per attempt" : "");
    }
}
