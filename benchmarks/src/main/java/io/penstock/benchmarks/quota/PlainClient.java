package io.penstock.benchmarks.quota;

import io.penstock.benchmarks.Client;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Clients that ignore the quota headers, as many applications do: they send, and try again when they are refused. */
final class PlainClient {

    /** A 429 with its {@code Retry-After}; 1 s if it has none. */
    private static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final long seconds;

        Refused(Answer answer) {
            super("429", null, false, false);
            int hint = answer.headers().indexOf(Answer.RETRY_AFTER);
            this.seconds = hint < 0 ? 1 : Long.parseLong(answer.headers().get(hint + 1));
        }
    }

    static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

    private PlainClient() {}

    /** Creates a client that waits as long as {@code Retry-After} says and tries again, without a limit on retries. */
    static Client obedient(Site site) {
        return new Client(once(site).retryWhen(afterHint(site)), site.closing());
    }

    /** Creates a client with an exponential backoff that ignores {@code Retry-After}. */
    static Client backingOff(Site site) {
        Retry backoff = Retry.backoff(Long.MAX_VALUE, FIRST_BACKOFF)
                .maxBackoff(LONGEST_BACKOFF)
                .filter(Refused.class::isInstance)
                .scheduler(site.scheduler());
        return new Client(once(site).retryWhen(backoff), site.closing());
    }

    /**
     * Creates a client that sends evenly at the documented rate: turns have equal distances, follow the order of
     * subscription, and are not saved up. A refused call waits for {@code Retry-After}, then for its turn again.
     */
    static Client evenly(Site site) {
        long distance = site.scenario().window().toNanos() / site.scenario().permits();
        AtomicLong next = new AtomicLong(site.nanos().getAsLong());
        Mono<Long> turn = Mono.defer(() -> {
            long now = site.nanos().getAsLong();
            long mine = next.getAndUpdate(at -> Math.max(at, now) + distance);
            return mine <= now ? Mono.empty() : Mono.delay(Duration.ofNanos(mine - now), site.scheduler());
        });
        return new Client(turn.then(once(site)).retryWhen(afterHint(site)), site.closing());
    }

    private static Mono<Void> once(Site site) {
        return site.exchange().flatMap(answer -> answer.ok() ? Mono.empty() : Mono.error(() -> new Refused(answer)));
    }

    private static Retry afterHint(Site site) {
        return Retry.from(failures -> failures.concatMap(signal -> signal.failure() instanceof Refused refused
                ? Mono.delay(Duration.ofSeconds(refused.seconds), site.scheduler())
                : Mono.error(signal.failure())));
    }
}
