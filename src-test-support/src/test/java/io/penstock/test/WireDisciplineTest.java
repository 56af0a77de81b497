package io.penstock.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.ApiClient;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.http.Headers;
import io.penstock.http.Method;
import io.penstock.http.ResponseHead;
import io.penstock.http.Secret;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.HeadListener;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.Transport;
import io.penstock.request.ApiRequest;
import io.penstock.retry.RetryPolicy;
import io.penstock.spec.VendorSpec;
import io.penstock.test.simulator.Fault;
import io.penstock.test.simulator.LoggedRequest;
import io.penstock.transport.ConnectionOptions;
import io.penstock.transport.netty.Transports;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.blockhound.BlockingOperationError;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Behaviour of the transport on the wire, above all what it must not do. */
class WireDisciplineTest extends ClientOverSockets {

    @Test
    void disablesRetryOfReactorNetty() {
        ApiClient client = client(b -> b.retry(RetryPolicy.standard().withMaxAttempts(1)));
        client.value(ApiRequest.get("usage")).block(PATIENCE);
        awaitIdleConnection(client);
        simulator.faults().next(Fault.resetBeforeRequestActs());

        ApiException failure = failureOf(client.value(ApiRequest.get("usage")));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.CONNECTION_LOST);
        assertThat(failure.journey().attempts().get(0).reusedConnection()).isTrue();
        assertThat(simulator.requests().count()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"GET", "POST"})
    void doesNotFollowRedirectsByDefault(Method method) {
        simulator
                .faults()
                .next(Fault.status(302, Map.of("Location", simulator.origin() + "/healthz"), "text/plain", ""));

        ApiException failure = failureOf(client().value(ApiRequest.of(method, "usage")));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.UNEXPECTED_STATUS);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    @Test
    void sendsNoHeadersOfFirstRequestToForeignOrigin() {
        simulator
                .faults()
                .next(Fault.status(
                        302, Map.of("Location", simulator.objectStoreOrigin() + "/f?sig=1"), "text/plain", ""));

        client().execute(ApiRequest.get("usage")
                        .header("x-mine", "private")
                        .followRedirects(1)
                        .as(Payload.none()))
                .onErrorComplete()
                .block(PATIENCE);

        LoggedRequest foreign = simulator.objectStoreRequests().all().get(0);
        assertThat(foreign.method()).isEqualTo("GET");
        assertThat(foreign.headers()).doesNotContainKeys("authorization", "x-mine");
    }

    @Test
    void keepsOnePoolPerOrigin() {
        simulator
                .faults()
                .next(Fault.status(302, Map.of("Location", simulator.objectStoreOrigin() + "/f"), "text/plain", ""));
        ApiClient client = client();
        client.value(ApiRequest.get("usage").followRedirects(1).as(Payload.none()))
                .onErrorComplete()
                .block(PATIENCE);

        Flux.range(0, 50)
                .flatMap(i -> client.value(
                        ApiRequest.get(i % 2 == 0 ? "usage" : "scans").header("x-number", "" + i)))
                .onErrorComplete()
                .blockLast(PATIENCE);

        assertThat(client.inspect().connections())
                .extracting(ConnectionStats::origin)
                .containsExactlyInAnyOrder(
                        simulator.origin().getAuthority(),
                        simulator.objectStoreOrigin().getAuthority());
    }

    @Test
    void reusesConnection() {
        ApiClient client = client();
        client.value(ApiRequest.get("usage")).block(PATIENCE);
        awaitIdleConnection(client);
        var second = client.execute(ApiRequest.get("usage")).block(PATIENCE);

        assertThat(second.journey().attempts().get(0).reusedConnection()).isTrue();
        assertThat(simulator.requests().all())
                .extracting(LoggedRequest::connection)
                .containsOnly(1L);
    }

    /** A connection goes back to its pool just after the answer was emitted. */
    private static void awaitIdleConnection(ApiClient client) {
        Eventually.until(() -> client.inspect().connections().stream().anyMatch(pool -> pool.idle() == 1));
    }

    @Test
    void sendsOnlyExpectedHeaders() {
        client().value(ApiRequest.get("usage").header("x-list", "a").header("X-List", "b"))
                .block(PATIENCE);

        LoggedRequest seen = simulator.requests().all().get(0);
        assertThat(seen.headers())
                .containsOnlyKeys("host", "accept", "accept-encoding", "user-agent", "authorization", "x-list");
        assertThat(seen.headers().get("x-list")).containsExactly("a", "b");
        assertThat(seen.header("accept")).isEqualTo("application/json");
        assertThat(seen.header("authorization")).isEqualTo("Bearer " + simulator.secret());
    }

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"GET", "POST", "DELETE", "PUT", "PATCH"})
    void sendsBodyWithEveryMethod(Method method) {
        client().value(ApiRequest.of(method, "usage").body(Map.of("a", 1)).as(Payload.none()))
                .onErrorComplete()
                .block(PATIENCE);

        LoggedRequest seen = simulator.requests().all().get(0);
        assertThat(seen.method()).isEqualTo(method.name());
        assertThat(seen.body()).isEqualTo("{\"a\":1}");
        assertThat(seen.header("content-length")).isEqualTo("7");
        assertThat(seen.header("content-type")).isEqualTo("application/json");
    }

    @Test
    void acceptsHeadAnswerWithoutContent() {
        simulator.faults().next(Fault.status(200, Map.of("x-total", "3"), "application/json", "{}"));

        var response = client().execute(ApiRequest.of(Method.HEAD, "usage")).block(PATIENCE);

        assertThat(response.value()).isNull();
        assertThat(response.headers().first("X-Total")).isEqualTo("3");
    }

    @Test
    void sendsRawBytesUnchanged() {
        client().value(ApiRequest.post("usage")
                        .body("a,b".getBytes(StandardCharsets.UTF_8), "text/csv")
                        .as(Payload.none()))
                .onErrorComplete()
                .block(PATIENCE);

        assertThat(simulator.requests().all().get(0).header("content-type")).isEqualTo("text/csv");
        assertThat(simulator.requests().all().get(0).body()).isEqualTo("a,b");
    }

    @Test
    void encodesPathValuesAndParametersLosslessly() {
        client().value(ApiRequest.get("scans/{id}")
                        .path("id", "a/b c?d#e%é{}|")
                        .query("q", "x&y=z +ü")
                        .as(Payload.none()))
                .onErrorComplete()
                .block(PATIENCE);

        LoggedRequest seen = simulator.requests().all().get(0);
        assertThat(seen.path()).isEqualTo("/v1/scans/a%2Fb%20c%3Fd%23e%25%C3%A9%7B%7D%7C");
        assertThat(seen.query("q")).isEqualTo("x&y=z +ü");
    }

    @Test
    void rejectsBadInputBeforeSending() {
        for (String bad : List.of("a\r\nEvil: 1", "a\nb", "a\u0000b")) {
            assertInvalid(() -> ApiRequest.get("usage").header("x-a", bad));
            assertInvalid(() -> ApiRequest.get("usage").query("a", bad));
            assertInvalid(() ->
                    client().value(ApiRequest.get("scans/{id}").path("id", bad)).block(PATIENCE));
            assertInvalid(() -> ApiRequest.get("scans/" + bad));
        }
        assertInvalid(() ->
                client().value(ApiRequest.post("scans").body(new Unencodable())).block(PATIENCE));

        assertThat(simulator.requests().count()).isZero();
    }

    /** A body whose getter fails with a text that must not be shown. */
    public static final class Unencodable {
        private final String value = "s3cr3t";

        public int getValue() {
            return Integer.parseInt(value);
        }
    }

    private static void assertInvalid(org.assertj.core.api.ThrowableAssert.ThrowingCallable input) {
        ApiException failure = catchThrowableOfType(ApiException.class, input);
        assertThat(failure).isNotNull();
        assertThatObject(failure.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_SENT);
        assertThat(failure).hasMessageContaining("expected");
        assertThat(failure.getMessage())
                .doesNotContain("\r")
                .doesNotContain("\n")
                .doesNotContain("s3cr3t");
    }

    @Test
    void printsNoSecret() {
        String secret = simulator.secret();
        ApiClient client = client(b -> b.retry(RetryPolicy.standard().withMaxAttempts(1)));
        simulator
                .faults()
                .next(
                        Fault.status(
                                401,
                                Map.of("x-request-id", secret),
                                "application/json",
                                "{\"message\":\"key " + secret + " is unknown\",\"token\":\"whatever\"}"),
                        Fault.resetBeforeRequestActs());

        for (int i = 0; i < 2; i++) {
            ApiException failure = failureOf(client.value(ApiRequest.get("usage")));
            assertThat(failure + "\n"
                            + failure.failure()
                            + failure.serverMessage()
                            + failure.requestId()
                            + failure.bodyExcerpt()
                            + failure.journey()
                            + failure.journey().timeline()
                            + failure.journey().toJson())
                    .doesNotContain(secret)
                    .doesNotContain("whatever");
        }
        assertThat(client + client.inspect().explain(ApiRequest.get("usage")) + client.spec())
                .doesNotContain(secret);
        assertThat(Secret.of(secret).toString() + Headers.of("authorization", secret))
                .doesNotContain(secret);
    }

    @Test
    void closesConnectionOnCancel() {
        simulator.faults().next(Fault.delay(Duration.ofMinutes(1)));
        ApiClient client = client();
        Disposable call = client.value(ApiRequest.get("usage")).subscribe();
        Eventually.until(() -> simulator.requests().count() == 1);
        assertThat(client.inspect().connections())
                .singleElement()
                .satisfies(pool -> assertThat(pool.active()).isEqualTo(1));

        call.dispose();

        Eventually.until(() -> client.inspect().connections().stream().allMatch(pool -> pool.active() == 0));
        assertThat(client.inspect().connections())
                .allSatisfy(pool -> assertThat(pool.idle()).isZero());
    }

    /** A time-out or a hedge may cancel an attempt that has just been answered: an exception would lose the call. */
    @Test
    void acceptsCancelOfAttemptWhoseConnectionIsReleased() {
        AtomicReference<Subscription> attempt = new AtomicReference<>();
        ApiClient client = client(
                b -> b.transport(new WatchedWire(Transports.create(ConnectionOptions.standard()), attempt::set)));
        client.value(ApiRequest.get("usage")).block(PATIENCE);
        Eventually.until(() -> client.inspect().connections().stream().allMatch(pool -> pool.active() == 0));

        assertThatCode(attempt.get()::cancel).doesNotThrowAnyException();

        assertThat(client.inspect().connections())
                .singleElement()
                .satisfies(pool -> assertThat(pool.idle()).isEqualTo(1));
    }

    @Test
    void reportsFailingListenerWithoutResending() {
        ApiException failure = failureOf(
                client(b -> b.operator(Operator.Position.PER_ATTEMPT, new Picky(new IllegalArgumentException("a bug"))))
                        .value(ApiRequest.get("usage")));

        assertThatObject(failure.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
        assertThat(failure).hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(failure.status()).isEqualTo(200);
        assertThat(simulator.requests().count()).isEqualTo(1);
    }

    /** An error thrown before the body is read leaves a body without a subscriber. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void releasesBodyAndConnectionWhenListenerThrowsError(boolean fatal) {
        BufferLeaks leaks = BufferLeaks.watch();
        Error bug = fatal ? new NoClassDefFoundError("com/example/Gone") : new AssertionError("a bug");
        // Without a gate, which delays each call by a second until the server announces a quota.
        ApiClient client = client(b -> b.withoutGate().operator(Operator.Position.PER_ATTEMPT, new Picky(bug)));

        for (int i = 0; i < 20; i++) {
            ApiException failure = failureOf(client.value(ApiRequest.get("usage")));
            assertThatObject(failure.kind()).isEqualTo(ErrorKind.OPERATOR_FAILED);
            assertThat(failure).hasCause(bug);
        }

        Eventually.until(() -> client.inspect().connections().stream().allMatch(pool -> pool.active() == 0));
        assertThat(leaks.found()).isEmpty();
    }

    private record Picky(Throwable bug) implements Operator, HeadListener {
        @Override
        public Mono<Reply> apply(Call call, Exchange next) {
            return next.exchange(call);
        }

        @Override
        public void onHead(Attempt call, ResponseHead head) {
            if (bug instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) bug;
        }

        @Override
        public String describe() {
            return "picky";
        }
    }

    @Test
    void detectsBlockingOnEventLoop() {
        Throwable blocked = catchThrowable(() -> client().value(ApiRequest.get("usage"))
                .doOnNext(value -> sleep())
                .block(PATIENCE));

        assertThat(blocked).hasRootCauseInstanceOf(BlockingOperationError.class);
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void sendsNoCredentialFromClientOfAnotherOrigin() {
        try (ApiClient other = ApiClient.builder(VendorSpec.generic("other", simulator.objectStoreOrigin()))
                .retry(FAST.withMaxAttempts(1))
                .build()) {
            failureOf(other.value(ApiRequest.get("x")));
        }
        assertThat(simulator.objectStoreRequests().all().get(0).headers()).doesNotContainKey("authorization");
    }

    /** Shows the subscriptions to the wire. */
    private record WatchedWire(Transport wire, Consumer<Subscription> watch) implements Transport {

        @Override
        public Mono<Reply> exchange(Attempt call, Receiver receiver) {
            return wire.exchange(call, receiver).doOnSubscribe(watch);
        }

        @Override
        public Mono<Void> closeLater() {
            return wire.closeLater();
        }

        @Override
        public List<ConnectionStats> connections() {
            return wire.connections();
        }

        @Override
        public String describe() {
            return wire.describe();
        }
    }
}
