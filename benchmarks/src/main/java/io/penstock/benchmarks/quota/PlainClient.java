package io.penstock.benchmarks.quota;

import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A client that ignores the quota headers, as many applications do: it sends, and tries again when it is refused. */
final class PlainClient implements Contender {

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

    private final Wire wire;
    private final Mono<Void> call;

    private PlainClient(Wire wire, Mono<Void> call) {
        this.wire = wire;
        this.call = call;
    }

    /** Creates a client that waits as long as {@code Retry-After} says and tries again, without a limit on retries. */
    static PlainClient obedient(Site site) {
        Wire wire = site.wire();
        return new PlainClient(wire, once(wire).retryWhen(whenTold(site)));
    }

    /** Creates a client with an exponential backoff that ignores {@code Retry-After}. */
    static PlainClient backingOff(Site site) {
        Wire wire = site.wire();
        Retry backoff = Retry.backoff(Long.MAX_VALUE, FIRST_BACKOFF)
                .maxBackoff(LONGEST_BACKOFF)
                .filter(Refused.class::isInstance)
                .scheduler(site.time().scheduler());
        return new PlainClient(wire, once(wire).retryWhen(backoff));
    }

    /**
     * Creates a client that sends evenly at the documented rate. A refused call waits for {@code Retry-After}, then for
     * its turn again.
     */
    static PlainClient evenly(Site site) {
        Wire wire = site.wire();
        Scenario scenario = site.scenario();
        EvenRate rate = new EvenRate(scenario.window().dividedBy(scenario.permits()), site.time());
        return new PlainClient(wire, rate.turn().then(once(wire)).retryWhen(whenTold(site)));
    }

    private static Mono<Void> once(Wire wire) {
        return Mono.defer(wire::send)
                .flatMap(answer -> answer.ok() ? Mono.empty() : Mono.error(() -> new Refused(answer)));
    }

    private static Retry whenTold(Site site) {
        return Retry.from(failures -> failures.concatMap(signal -> signal.failure() instanceof Refused refused
                ? Mono.delay(Duration.ofSeconds(refused.seconds), site.time().scheduler())
                : Mono.error(signal.failure())));
    }

    @Override
    public Mono<Void> call() {
        return call;
    }

    @Override
    public void close() {
        wire.close();
    }
}
