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

    private final boolean repeated;
    private final Supplier<@Nullable Object> holding;

    /**
     * Creates the wrapper for the operators at one position.
     *
     * @param repeated whether their work is retried as a whole
     * @param holding the client whose admission permit the call holds at this position
     */
    public Nesting(boolean repeated, Supplier<@Nullable Object> holding) {
        this.repeated = repeated;
        this.holding = holding;
    }

    @Override
    public Mono<Reply> apply(Call call, Exchange next) {
        return next.exchange(call)
                .contextWrite(
                        context -> Scope.inside(call, repeated, holding.get()).in(context));
    }

    @Override
    public String describe() {
        return "calls made below share this call's deadline" + (repeated ? " and are sent once per attempt" : "");
    }
}
