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
 * Stands around the user's operators and tells the calls that they make, of this client or another, what they are a
 * part of: how much time is left, and that what encloses them is retried already. Without that, three clients inside
 * each other with four attempts each would send 64 requests for one.
 */
@Internal
public final class Nesting implements Operator {

    private final boolean repeated;
    private final Supplier<@Nullable Object> holding;

    /**
     * Around operators at one position.
     *
     * @param repeated whether what they do is retried as a whole
     * @param holding the client whose place at the gate the call holds there
     */
    public Nesting(boolean repeated, Supplier<@Nullable Object> holding) {
        this.repeated = repeated;
        this.holding = holding;
    }

    @Override
    public Mono<Reply> apply(Call call, Exchange next) {
        return next.exchange(call)
                .contextWrite(context -> new Scope(
                                call.scheduler(), call.deadlineNanos(), repeated, holding.get(), null, call.toString())
                        .in(context));
    }

    @Override
    public String describe() {
        return "calls made below share this call's deadline" + (repeated ? " and are sent once per attempt" : "");
    }
}
