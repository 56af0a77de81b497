package io.penstock;

import static io.penstock.Lab.SPEC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.StubTransport.Answer;
import io.penstock.auth.AccessToken;
import io.penstock.auth.CredentialScheme;
import io.penstock.auth.SecretSource;
import io.penstock.auth.TokenExchange;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Retryability;
import io.penstock.http.Secret;
import io.penstock.polling.PollState;
import io.penstock.polling.PollStatus;
import io.penstock.polling.Polling;
import io.penstock.request.ApiRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** Secrets that a client reads from a source. The reads are on other threads, so each wait here has a generous limit. */
class SecretSourceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ApiRequest<JsonNode> GET = ApiRequest.get("a").deadline(Duration.ofDays(1));

    private final Lab lab = new Lab();
    private final AtomicInteger reads = new AtomicInteger();
    private final StubTransport wire = StubTransport.always(200, "{}");

    private Secret nextKey() {
        return Secret.of("key-" + reads.incrementAndGet());
    }

    private ApiClient client(StubTransport to, SecretSource source) {
        return lab.client(to).secret(source).build();
    }

    private static List<String> authorizations(StubTransport wire) {
        return wire.sent.stream()
                .map(sent -> String.valueOf(sent.header("authorization")))
                .toList();
    }

    /** Refuses all keys but one. */
    private static StubTransport accepting(String key) {
        return new StubTransport((n, call) ->
                Answer.of(call.addedHeaders().contains("Bearer " + key) ? 200 : 401, "{\"message\":\"who?\"}"));
    }

    /** Waits while virtual time stands still. */
    private void until(BooleanSupplier condition) {
        until(condition, Duration.ZERO);
    }

    /** Waits while virtual time goes on, by a step per millisecond. */
    private void until(BooleanSupplier condition, Duration step) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("time over").isNegative();
            lab.time.advanceTimeBy(step);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private ApiException failure(Mono<?> call) {
        return failure(call, Duration.ZERO);
    }

    private ApiException failure(Mono<?> call, Duration step) {
        CompletableFuture<?> ended = call.toFuture();
        until(ended::isDone, step);
        assertThat(ended).isCompletedExceptionally();
        return (ApiException) ended.handle((value, error) -> error).join();
    }

    @Test
    void readsOnceForAllWaitingCalls() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        ApiClient client = lab.client(wire)
                .secret(() -> {
                    asked.countDown();
                    try {
                        assertThat(open.await(20, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return nextKey();
                })
                .build();
        CompletableFuture<List<JsonNode>> all =
                Flux.range(0, 10).flatMap(i -> client.value(GET)).collectList().toFuture();

        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        open.countDown();

        assertThat(all).succeedsWithin(PATIENCE);
        assertThat(reads).hasValue(1);
        assertThat(authorizations(wire)).hasSize(10).containsOnly("Bearer key-1");
    }

    @Test
    void usesSecretWhileNextOneIsRead() {
        ApiClient client = client(wire, SecretSource.of(this::nextKey).keptFor(Duration.ofMinutes(1)));

        client.value(GET).block(PATIENCE);
        lab.time.advanceTimeBy(Duration.ofSeconds(50));
        client.value(GET).block(PATIENCE);
        assertThat(reads).hasValue(1);
        lab.time.advanceTimeBy(Duration.ofSeconds(11));
        client.value(GET).block(PATIENCE);
        until(() -> {
            client.value(GET).block(PATIENCE);
            return authorizations(wire).contains("Bearer key-2");
        });

        assertThat(authorizations(wire).subList(0, 3)).containsOnly("Bearer key-1");
        assertThat(reads).hasValue(2);
    }

    @Test
    void keepsSecretWhoseNextReadFails() {
        AtomicInteger failures = new AtomicInteger();
        Mono<Secret> source = Mono.fromSupplier(() -> {
            if (reads.get() == 1) {
                failures.incrementAndGet();
                throw new IllegalStateException("vault is sealed");
            }
            return nextKey();
        });
        ApiClient client = client(wire, SecretSource.of(source).keptFor(Duration.ofMinutes(1)));

        client.value(GET).block(PATIENCE);
        lab.time.advanceTimeBy(Duration.ofMinutes(2));
        client.value(GET).block(PATIENCE);
        until(() -> failures.get() > 0);
        client.value(GET).block(PATIENCE);

        assertThat(authorizations(wire)).hasSize(3).containsOnly("Bearer key-1");
    }

    @Test
    void replacesSecretBeforeItsOwnExpiry() {
        Mono<AccessToken> host = Mono.fromSupplier(() -> new AccessToken(
                nextKey(),
                Instant.ofEpochMilli(lab.time.now(TimeUnit.MILLISECONDS)).plus(Duration.ofMinutes(10))));
        ApiClient client = client(wire, SecretSource.ofTokens(host));

        client.value(GET).block(PATIENCE);
        lab.time.advanceTimeBy(Duration.ofMinutes(11));
        client.value(GET).block(PATIENCE);

        assertThat(authorizations(wire)).containsExactly("Bearer key-1", "Bearer key-2");
    }

    @Test
    void readsRefusedSecretAgainAndSendsOnceMore() {
        StubTransport rotated = accepting("key-2");
        ApiClient client = client(rotated, SecretSource.of(this::nextKey));

        assertThat(client.value(GET).block(PATIENCE)).isNotNull();

        assertThat(authorizations(rotated)).containsExactly("Bearer key-1", "Bearer key-2");
        assertThat(reads).hasValue(2);
    }

    @Test
    void sendsNothingMoreIfRefusedSecretIsStillTheSame() {
        StubTransport refusing = accepting("another");
        ApiClient client = client(refusing, SecretSource.of(() -> {
            reads.incrementAndGet();
            return Secret.of("wrong-key");
        }));

        ApiException failed = failure(client.value(GET));
        failure(client.value(GET));

        assertThatObject(failed.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failed.retryability()).isEqualTo(Retryability.PERMANENT);
        assertThat(failed.status()).isEqualTo(401);
        assertThat(authorizations(refusing)).containsExactly("Bearer wrong-key", "Bearer wrong-key");
        assertThat(reads).as("not again for each refusal").hasValue(2);
    }

    @Test
    void endsWithSecondRefusal() {
        StubTransport refusing = accepting("another");
        ApiClient client = client(refusing, SecretSource.of(this::nextKey));

        ApiException failed = failure(client.value(GET));

        assertThatObject(failed.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(authorizations(refusing)).containsExactly("Bearer key-1", "Bearer key-2");
    }

    @Test
    void keepsRefusalIfSecretCannotBeReadAgain() {
        StubTransport refusing = accepting("another");
        ApiClient client = client(refusing, SecretSource.of(() -> {
            if (reads.get() > 0) {
                throw new IllegalStateException("sealed");
            }
            return nextKey();
        }));

        ApiException failed = failure(client.value(GET));

        assertThat(failed.status()).isEqualTo(401);
        assertThat(failed.journey().notes())
                .anyMatch(note ->
                        note.contains("the refused secret could not be read again: no secret: the source failed"));
    }

    /** BlockHound would report a read on the thread that calls. */
    @Test
    void readsBlockingSourceOnThreadThatMayBlock() {
        ApiClient client = client(wire, SecretSource.of(() -> {
            LockSupport.parkNanos(1);
            return nextKey();
        }));

        assertThat(Mono.defer(() -> client.value(GET))
                        .subscribeOn(Schedulers.parallel())
                        .block(PATIENCE))
                .isNotNull();
    }

    @Test
    void failsWithOneErrorIfSourceFails() {
        IllegalStateException cause = new IllegalStateException("sealed");

        ApiException failed =
                failure(client(wire, SecretSource.of(Mono.<Secret>error(cause))).value(GET));

        assertThatObject(failed.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failed.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(failed.retryability()).isEqualTo(Retryability.PERMANENT);
        assertThat(failed)
                .hasMessageContaining("no secret: the source failed with IllegalStateException (see the cause)")
                .hasCause(cause);
        assertThat(wire.sent).isEmpty();
    }

    @Test
    void failsWithOneErrorIfSourceIsEmpty() {
        ApiException failed =
                failure(client(wire, SecretSource.of(Mono.<Secret>empty())).value(GET));

        assertThatObject(failed.kind()).isEqualTo(ErrorKind.AUTHENTICATION);
        assertThat(failed).hasMessageContaining("no secret: the source is empty (expected: one secret)");
        assertThat(wire.sent).isEmpty();
    }

    @Test
    void readsAgainAfterInputOutputError() {
        ApiClient client = client(wire, SecretSource.of(() -> {
            Secret key = nextKey();
            if (reads.get() < 3) {
                throw new UncheckedIOException(new IOException("connection refused"));
            }
            return key;
        }));
        CompletableFuture<JsonNode> value = client.value(GET).toFuture();

        until(value::isDone, Duration.ofMillis(10));

        assertThat(value).isCompleted();
        assertThat(authorizations(wire)).containsExactly("Bearer key-3");
    }

    @Test
    void limitsTimeOfRead() {
        ApiException failed = failure(
                client(wire, SecretSource.of(Mono.<Secret>never())).value(GET.maxAttempts(1)), Duration.ofMillis(100));

        assertThatObject(failed.kind()).isEqualTo(ErrorKind.TIMEOUT);
        assertThat(failed).hasMessageContaining("no secret: the source has not ended after 30000 ms");
        assertThat(failed.certainty()).isEqualTo(Certainty.NOT_SENT);
    }

    @Test
    void cancelsReadWithLastWaitingCall() {
        AtomicInteger cancelled = new AtomicInteger();
        Mono<Secret> source =
                Mono.<Secret>never().doOnSubscribe(s -> reads.incrementAndGet()).doOnCancel(cancelled::incrementAndGet);
        ApiClient client = client(wire, SecretSource.of(source));

        Disposable first = client.value(GET).subscribe();
        Disposable second = client.value(GET).subscribe();
        until(() -> reads.get() == 1);
        first.dispose();
        assertThat(cancelled).hasValue(0);
        second.dispose();
        until(() -> cancelled.get() == 1);
        Disposable third = client.value(GET).subscribe();
        until(() -> reads.get() == 2);
        third.dispose();

        until(() -> cancelled.get() == 2);
    }

    @Test
    void exchangesSecretOfSourceForTokens() {
        StubTransport server = new StubTransport((n, call) ->
                Answer.of(200, "{\"access_token\":\"token-of-" + call.plan().headers() + "\",\"expires_in\":60}"));
        CredentialScheme scheme = CredentialScheme.bearer()
                .exchangedBy(new TokenExchange(
                        "POST token",
                        secret -> ApiRequest.post("token").header("x-secret", secret.reveal()),
                        (answer, at) -> AccessToken.living(Secret.of("token-of-" + reads.get()), "60", at),
                        Duration.ZERO));
        ApiClient client = lab.client(SPEC.withCredential(scheme), server)
                .secret(Mono.fromSupplier(this::nextKey))
                .build();

        client.value(GET).block(PATIENCE);
        lab.time.advanceTimeBy(Duration.ofMinutes(2));
        client.value(GET).block(PATIENCE);

        assertThat(server.sent.stream().map(sent -> sent.header("x-secret")).filter(secret -> secret != null))
                .containsExactly("key-1", "key-2");
        assertThat(authorizations(server)).containsExactly("null", "Bearer token-of-1", "null", "Bearer token-of-2");
    }

    @Test
    void masksEchoedSecretOfSource() {
        StubTransport echoing = StubTransport.always(400, "{\"message\":\"bad key hidden-key-1 there\"}");
        ApiClient client = client(echoing, SecretSource.of(() -> Secret.of("hidden-key-1")));

        ApiException failed = failure(client.value(GET));

        assertThat(failed + String.valueOf(failed.bodyExcerpt())).contains("bad key **** there");
        assertThat(client.inspect().explain(GET)).contains("authorization: Bearer <secret of a source>");
    }

    @Test
    void masksSecretOfSourceInReasonOfJob() {
        StubTransport failing = StubTransport.always(200, "{\"reason\":\"key hidden-key-1 was withdrawn\"}");
        ApiClient client = client(failing, SecretSource.of(() -> Secret.of("hidden-key-1")));
        Polling<JsonNode> job = Polling.of(
                GET,
                answer -> PollStatus.of(PollState.FAILED)
                        .withReason(answer.path("reason").asString()));

        ApiException failed = failure(client.poll(job).result());

        assertThat(failed).hasMessageContaining("key **** was withdrawn");
    }

    @Test
    void rejectsLifeOfZero() {
        assertThatThrownBy(() -> SecretSource.of(this::nextKey).keptFor(Duration.ZERO))
                .matches(ErrorKind.INVALID_CONFIGURATION::matches)
                .hasMessageContaining("life of secrets: PT0S (expected: more than zero)");
    }
}
