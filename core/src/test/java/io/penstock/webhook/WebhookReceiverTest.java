package io.penstock.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;

import io.penstock.http.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.util.RaceTestUtils;

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
    private final DuplicateGuard guard =
            DuplicateGuard.inMemory(3, Duration.ofSeconds(10), Duration.ofSeconds(4), clock);
    private final List<Event> done = new ArrayList<>();

    record Event(@Nullable String id, int n) {}

    /** Returns a receiver whose scheme signs only the time, so that any body is verified. */
    private WebhookReceiver<Event> receiver(DuplicateGuard by) {
        return new WebhookReceiver<>(
                WebhookVerifier.of(
                                SignatureScheme.timestamped("acme-signature")
                                        .withContent((timestamp, body) ->
                                                List.of(timestamp.getBytes(StandardCharsets.US_ASCII))),
                                Secret.of("whsec_blue"))
                        .withClock(Clock.fixed(Instant.ofEpochSecond(1), ZoneOffset.UTC)),
                by,
                Event.class,
                Event::id);
    }

    private Mono<WebhookReceiver.Outcome<Event>> deliver(String body) {
        return deliver(body, Mono.empty());
    }

    private Mono<WebhookReceiver.Outcome<Event>> deliver(String body, Mono<Void> before) {
        return deliver(guard, body, before);
    }

    private Mono<WebhookReceiver.Outcome<Event>> deliver(DuplicateGuard by, String body, Mono<Void> before) {
        // printf 1 | openssl dgst -sha256 -hmac whsec_blue
        return receiver(by)
                .receive(
                        "t=1,v1=2cad800c8b1d497112bcd2aa66bb84426ad39e7d6f025971538816ba405e710f",
                        body.getBytes(StandardCharsets.UTF_8),
                        event -> before.then(Mono.fromRunnable(() -> done.add(event))));
    }

    @Test
    void actsOnEachEventOnce() {
        StepVerifier.create(deliver("{\"id\":\"a\",\"n\":1}"))
                .expectNext(new WebhookReceiver.Outcome.Done<>(new Event("a", 1)))
                .verifyComplete();
        StepVerifier.create(deliver("{\"id\":\"a\",\"n\":1}"))
                .expectNext(new WebhookReceiver.Outcome.Duplicate<>("a"))
                .verifyComplete();
        assertThat(done).containsExactly(new Event("a", 1));
    }

    @Test
    void recognisesEventWithoutIdByItsBytes() {
        deliver("{\"n\":1}").block();
        deliver("{\"n\":1}").block();
        deliver("{\"n\":2}").block();
        assertThat(done).containsExactly(new Event(null, 1), new Event(null, 2));
    }

    @Test
    void releasesEventWhenActionFailsOrIsCancelled() {
        StepVerifier.create(deliver("{\"id\":\"a\",\"n\":1}", Mono.error(new IllegalStateException("gone"))))
                .verifyErrorMessage("gone");
        StepVerifier.create(deliver("{\"id\":\"a\",\"n\":1}", Mono.never()))
                .thenCancel()
                .verify();
        deliver("{\"id\":\"a\",\"n\":1}").block();
        assertThat(done).hasSize(1);
    }

    @Test
    void refusesSignedBodyThatIsNoEvent() {
        for (String body : List.of("", "null", "[]", "{", "{\"n\":\"x\"}")) {
            StepVerifier.create(deliver(body))
                    .expectNext(new WebhookReceiver.Outcome.Rejected<>(WebhookVerifier.Rejection.EVENT_MALFORMED))
                    .verifyComplete();
        }
        assertThat(done).isEmpty();
    }

    @Test
    void refusesDuplicateOfEventInProgress() {
        Sinks.Empty<Void> database = Sinks.empty();
        AtomicReference<Throwable> first = new AtomicReference<>();
        deliver("{\"id\":\"a\",\"n\":1}", database.asMono()).subscribe(outcome -> {}, first::set);

        WebhookReceiver.Outcome<Event> second =
                deliver("{\"id\":\"a\",\"n\":1}").block();
        assertThat(second).isEqualTo(new WebhookReceiver.Outcome.InProgress<>("a"));
        assertThat(second.status()).as("any 2xx would end the deliveries").isEqualTo(503);

        database.tryEmitError(new IllegalStateException("gone"));
        assertThat(first.get()).hasMessage("gone");
        assertThat(deliver("{\"id\":\"a\",\"n\":1}").block())
                .isEqualTo(new WebhookReceiver.Outcome.Done<>(new Event("a", 1)));
        assertThat(done).hasSize(1);
    }

    @Test
    void releasesClaimAnsweredAfterCancel() {
        ScriptedGuard slow = new ScriptedGuard();
        Disposable call = deliver(slow, "{\"id\":\"a\",\"n\":1}", Mono.empty()).subscribe();
        call.dispose();
        assertThat(slow.told).as("the claim is not answered yet").containsExactly("claim a");

        slow.answer.tryEmitValue(DuplicateGuard.Claim.CLAIMED);
        assertThat(slow.told).containsExactly("claim a", "release a");
        assertThat(done).isEmpty();
    }

    @Test
    void releasesEachClaimAsItsOwnHolder() {
        ScriptedGuard scripted = new ScriptedGuard();
        scripted.answer.tryEmitValue(DuplicateGuard.Claim.CLAIMED);
        for (int delivery = 0; delivery < 2; delivery++) {
            deliver(scripted, "{\"id\":\"a\",\"n\":1}", Mono.never())
                    .subscribe()
                    .dispose();
        }

        assertThat(scripted.told).containsExactly("claim a", "release a", "claim a", "release a");
        assertThat(scripted.released).doesNotHaveDuplicates().isEqualTo(scripted.claimed);
    }

    @Test
    void keepsClaimOfAnotherOnCancel() {
        ScriptedGuard slow = new ScriptedGuard();
        deliver(slow, "{\"id\":\"a\",\"n\":1}", Mono.empty()).subscribe().dispose();
        slow.answer.tryEmitValue(DuplicateGuard.Claim.IN_PROGRESS);
        assertThat(slow.told).containsExactly("claim a");
    }

    @Test
    void confirmsFinishedActionThoughCallerCancels() {
        ScriptedGuard slow = new ScriptedGuard();
        slow.answer.tryEmitValue(DuplicateGuard.Claim.CLAIMED);
        slow.confirmation = Mono.never();
        deliver(slow, "{\"id\":\"a\",\"n\":1}", Mono.empty()).subscribe().dispose();
        assertThat(slow.told).containsExactly("claim a", "confirm a");
        assertThat(done).hasSize(1);
    }

    @Test
    void reportsEventAsDoneWhenConfirmationFails() {
        ScriptedGuard broken = new ScriptedGuard();
        broken.answer.tryEmitValue(DuplicateGuard.Claim.CLAIMED);
        broken.confirmation = Mono.error(new IllegalStateException("store gone"));
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            assertThat(deliver(broken, "{\"id\":\"a\",\"n\":1}", Mono.empty()).block())
                    .isEqualTo(new WebhookReceiver.Outcome.Done<>(new Event("a", 1)));
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(dropped).singleElement().asInstanceOf(THROWABLE).hasMessage("store gone");
    }

    @Test
    void failsDeliveryWhenGuardCannotClaim() {
        ScriptedGuard broken = new ScriptedGuard();
        broken.answer.tryEmitError(new IllegalStateException("store gone"));
        StepVerifier.create(deliver(broken, "{\"id\":\"a\",\"n\":1}", Mono.empty()))
                .verifyErrorMessage("store gone");
        assertThat(done).isEmpty();
    }

    /** An empty outcome would be answered with nothing, which servers send as 200: the event would be lost. */
    @Test
    void failsDeliveryWhenGuardIsSilent() {
        ScriptedGuard silent = new ScriptedGuard();
        silent.answer.tryEmitEmpty();
        StepVerifier.create(deliver(silent, "{\"id\":\"a\",\"n\":1}", Mono.empty()))
                .verifyErrorMessage("the guard gave no answer to a claim");
        assertThat(done).isEmpty();
    }

    @Test
    void treatsThrowingGuardLikeFailingOne() {
        DuplicateGuard throwing = new DuplicateGuard() {
            @Override
            public Mono<Claim> claim(String id, String holder) {
                return Mono.just(Claim.CLAIMED);
            }

            @Override
            public Mono<Void> confirm(String id) {
                throw new IllegalStateException("no confirm");
            }

            @Override
            public Mono<Void> release(String id, String holder) {
                throw new IllegalStateException("no release");
            }
        };
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            assertThat(deliver(throwing, "{\"id\":\"a\",\"n\":1}", Mono.empty()).block())
                    .isEqualTo(new WebhookReceiver.Outcome.Done<>(new Event("a", 1)));
            StepVerifier.create(deliver(
                            throwing, "{\"id\":\"a\",\"n\":1}", Mono.error(new IllegalStateException("the action"))))
                    .verifyErrorMessage("the action");
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(dropped).extracting(Throwable::getMessage).containsExactly("no confirm", "no release");
    }

    @Test
    void confirmsOrReleasesWhenCancelRacesWithAction() {
        for (int round = 0; round < 300; round++) {
            ScriptedGuard scripted = new ScriptedGuard();
            scripted.answer.tryEmitValue(DuplicateGuard.Claim.CLAIMED);
            Sinks.Empty<Void> database = Sinks.empty();
            Disposable call = deliver(scripted, "{\"id\":\"a\",\"n\":1}", database.asMono())
                    .subscribe();
            RaceTestUtils.race(30, Schedulers.boundedElastic(), call::dispose, database::tryEmitEmpty);
            assertThat(scripted.told).hasSize(2).startsWith("claim a").containsAnyOf("confirm a", "release a");
        }
    }

    /** A guard whose claim the test answers. */
    private static final class ScriptedGuard implements DuplicateGuard {
        final Sinks.One<Claim> answer = Sinks.one();
        final List<String> told = new CopyOnWriteArrayList<>();
        final List<String> claimed = new CopyOnWriteArrayList<>();
        final List<String> released = new CopyOnWriteArrayList<>();
        Mono<Void> confirmation = Mono.empty();

        @Override
        public Mono<Claim> claim(String id, String holder) {
            told.add("claim " + id);
            claimed.add(holder);
            return answer.asMono();
        }

        @Override
        public Mono<Void> confirm(String id) {
            told.add("confirm " + id);
            return confirmation;
        }

        @Override
        public Mono<Void> release(String id, String holder) {
            return Mono.fromRunnable(() -> {
                told.add("release " + id);
                released.add(holder);
            });
        }
    }

    @Test
    void forgetsExpiredEventsAndOldestWhenFull() {
        done("a");
        now.addAndGet(9_999);
        assertThat(guard.claim("a", "h").block()).isEqualTo(DuplicateGuard.Claim.DONE);
        now.addAndGet(1);
        for (String id : List.of("a", "b", "c", "d")) {
            done(id);
        }
        assertThat(guard.claim("d", "h").block()).isEqualTo(DuplicateGuard.Claim.DONE);
        assertThat(guard.claim("a", "h").block()).as("forgotten for d").isEqualTo(DuplicateGuard.Claim.CLAIMED);
    }

    private void done(String id) {
        assertThat(guard.claim(id, "h").block()).isEqualTo(DuplicateGuard.Claim.CLAIMED);
        guard.confirm(id).block();
    }

    @Test
    void endsUnconfirmedLeaseWithoutEvictingOthers() {
        for (String id : List.of("a", "b", "c", "d", "e")) {
            assertThat(guard.claim(id, "h").block()).isEqualTo(DuplicateGuard.Claim.CLAIMED);
        }
        now.addAndGet(3_999);
        assertThat(guard.claim("a", "h").block()).isEqualTo(DuplicateGuard.Claim.IN_PROGRESS);
        now.addAndGet(1);
        assertThat(guard.claim("a", "h").block()).isEqualTo(DuplicateGuard.Claim.CLAIMED);
    }

    @Test
    void ignoresLateRelease() {
        done("a");
        guard.release("a", "h").block();
        assertThat(guard.claim("a", "h").block()).isEqualTo(DuplicateGuard.Claim.DONE);
    }

    @Test
    void keepsClaimOfNextHolderOnLateRelease() {
        Sinks.Empty<Void> first = Sinks.empty();
        deliver("{\"id\":\"a\",\"n\":1}", first.asMono()).subscribe(outcome -> {}, error -> {});
        now.addAndGet(4_000);
        deliver("{\"id\":\"a\",\"n\":1}", Mono.never()).subscribe();

        first.tryEmitError(new IllegalStateException("late"));

        assertThat(deliver("{\"id\":\"a\",\"n\":1}").block()).isEqualTo(new WebhookReceiver.Outcome.InProgress<>("a"));
        assertThat(done).isEmpty();
    }

    @Test
    void refusesInvalidGuard() {
        for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> DuplicateGuard.inMemory(1, bad, Duration.ofSeconds(1), clock))
                    .hasMessageContaining("memory of a duplicate guard: " + bad);
            assertThatThrownBy(() -> DuplicateGuard.inMemory(1, Duration.ofSeconds(1), bad, clock))
                    .hasMessageContaining("lease of a duplicate guard: " + bad);
        }
        assertThatThrownBy(() -> DuplicateGuard.inMemory(0, Duration.ofSeconds(1)))
                .hasMessageContaining("capacity of a duplicate guard: 0");
    }

    @Test
    void grantsConcurrentClaimOnce() {
        DuplicateGuard shared = DuplicateGuard.inMemory(10_000, Duration.ofMinutes(1));
        long first = Flux.range(0, 4_000)
                .flatMap(i -> shared.claim("evt_" + i % 100, "h").subscribeOn(Schedulers.parallel()), 64)
                .filter(claim -> claim == DuplicateGuard.Claim.CLAIMED)
                .count()
                .block();
        assertThat(first).isEqualTo(100);
    }
}
