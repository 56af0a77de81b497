package io.penstock.benchmarks.quota;

import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** What applications do without looking at the quota headers: they send, and try again when they are refused. */
final class PlainClient implements Contender {

    /** A 429, with what it said of when. */
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

    /** Waits as long as it is told to, then tries again, as often as it takes. */
    static PlainClient obedient(Site site) {
        Wire wire = site.wire();
        return new PlainClient(wire, once(wire).retryWhen(whenTold(site)));
    }

    /** Waits longer from try to try, whatever it is told. */
    static PlainClient backingOff(Site site) {
        Wire wire = site.wire();
        Retry backoff = Retry.backoff(Long.MAX_VALUE, FIRST_BACKOFF)
                .maxBackoff(LONGEST_BACKOFF)
                .filter(Refused.class::isInstance)
                .scheduler(site.time().scheduler());
        return new PlainClient(wire, once(wire).retryWhen(backoff));
    }

    /** Sends at the documented rate, evenly; what is refused nevertheless waits as it is told to, then for its turn again. */
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
