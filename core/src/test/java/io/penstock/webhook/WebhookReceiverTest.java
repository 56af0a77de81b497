package io.penstock.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class WebhookReceiverTest {

    private final AtomicLong now = new AtomicLong(1_000_000);
    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(now.get());
        }
    };
    private final DuplicateGuard guard = DuplicateGuard.inMemory(3, Duration.ofSeconds(10), clock);
    private final List<Event> done = new ArrayList<>();

    record Event(@Nullable String id, int n) {}

    /** Verified by a scheme that signs nothing but the time, so that any body will do here. */
    private WebhookReceiver<Event> receiver() {
        return new WebhookReceiver<>(
                WebhookVerifier.of(
                                SignatureScheme.timestamped("acme-signature")
                                        .withContent((timestamp, body) ->
                                                List.of(timestamp.getBytes(StandardCharsets.US_ASCII))),
                                Secret.of("whsec_blue"))
                        .withClock(Clock.fixed(Instant.ofEpochSecond(1), ZoneOffset.UTC)),
                guard,
                Event.class,
                Event::id);
    }

    private Mono<WebhookReceiver.Outcome> deliver(String body) {
        return deliver(body, Mono.empty());
    }

    private Mono<WebhookReceiver.Outcome> deliver(String body, Mono<Void> before) {
        // printf 1 | openssl dgst -sha256 -hmac whsec_blue
        return receiver()
                .receive(
                        "t=1,v1=2cad800c8b1d497112bcd2aa66bb84426ad39e7d6f025971538816ba405e710f",
                        body.getBytes(StandardCharsets.UTF_8),
                        event -> before.then(Mono.fromRunnable(() -> done.add(event))));
    }

    @Test
    void eachEventIsActedOnOnce() {
        StepVerifier.create(deliver("{\"id\":\"a\",\"n\":1}"))
                .expectNext(new WebhookReceiver.Outcome.Done<>(new Event("a", 1)))
                .verifyComplete();
        StepVerifier.create(deliver("{\"id\":\"a\",\"n\":1}"))
                .expectNext(new WebhookReceiver.Outcome.Duplicate("a"))
                .verifyComplete();
        assertThat(done).containsExactly(new Event("a", 1));
    }

    @Test
    void anEventWithoutIdIsKnownByItsBytes() {
        deliver("{\"n\":1}").block();
        deliver("{\"n\":1}").block();
        deliver("{\"n\":2}").block();
        assertThat(done).containsExactly(new Event(null, 1), new Event(null, 2));
    }

    @Test
    void anActionThatFailsOrIsCancelledGivesTheEventBack() {
        StepVerifier.create(deliver("{\"id\":\"a\",\"n\":1}", Mono.error(new IllegalStateException("gone"))))
                .verifyErrorMessage("gone");
        StepVerifier.create(deliver("{\"id\":\"a\",\"n\":1}", Mono.never()))
                .thenCancel()
                .verify();
        deliver("{\"id\":\"a\",\"n\":1}").block();
        assertThat(done).hasSize(1);
    }

    @Test
    void whatIsSignedButNoEventIsRefused() {
        for (String body : List.of("", "null", "[]", "{", "{\"n\":\"x\"}")) {
            StepVerifier.create(deliver(body))
                    .expectNext(new WebhookReceiver.Outcome.Rejected(Rejection.EVENT_MALFORMED))
                    .verifyComplete();
        }
        assertThat(done).isEmpty();
    }

    @Test
    void theGuardForgetsAfterItsTimeAndTheOldestWhenItIsFull() {
        assertThat(guard.claim("a").block()).isTrue();
        now.addAndGet(9_999);
        assertThat(guard.claim("a").block()).isFalse();
        now.addAndGet(1);
        assertThat(guard.claim("a").block()).isTrue();
        for (String id : List.of("b", "c", "d")) {
            assertThat(guard.claim(id).block()).isTrue();
        }
        assertThat(guard.claim("d").block()).isFalse();
        assertThat(guard.claim("a").block()).as("forgotten for d").isTrue();
    }

    @Test
    void ofManyThatClaimAtOnceOneIsFirst() {
        DuplicateGuard shared = DuplicateGuard.inMemory(10_000, Duration.ofMinutes(1));
        long first = Flux.range(0, 4_000)
                .flatMap(i -> shared.claim("evt_" + i % 100).subscribeOn(Schedulers.parallel()), 64)
                .filter(claimed -> claimed)
                .count()
                .block();
        assertThat(first).isEqualTo(100);
    }
}
