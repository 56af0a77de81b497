package io.penstock.test;

import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.Sending;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The latest attempt of a client, so that a server can wait until the client has got as far as it. */
final class WatchedAttempt implements Operator {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private volatile @Nullable Attempt latest;

    @Override
    public Mono<Reply> apply(Call call, Exchange next) {
        latest = Attempt.of(call);
        return next.exchange(call);
    }

    @Override
    public String describe() {
        return "shows the attempt to the test";
    }

    /** How much of its body the connection has taken. */
    long sentBytes() {
        Attempt call = latest;
        Sending sending = call == null ? null : call.sending();
        return sending == null ? 0 : sending.bytes();
    }

    /** Waits until that can be said of the latest attempt, for so long that no slow machine matters. */
    void await(Predicate<Attempt> reached) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (Attempt call = latest; call == null || !reached.test(call); call = latest) {
            if (System.nanoTime() - end > 0) {
                throw new IOException("the attempt has not got that far");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }
}
