package io.penstock.call;

import io.penstock.annotation.Internal;
import io.penstock.body.ServerSentEvent;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Phase;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.CallListener;
import io.penstock.request.ApiRequest;
import io.penstock.request.Durations;
import io.penstock.retry.RetryPolicy;
import io.penstock.timeout.Scope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Server-sent events over as many calls as needed. A stream can be resumed once its server has sent an id: the next
 * call sends it in {@code Last-Event-ID} (WHATWG HTML §9.2.4).
 *
 * <pre>
 *  calls  |--#1-- id 7 ---- x        |--#2 Last-Event-ID: 7 -- id 9 --| end      |--#3 Last-Event-ID: 9 --| 204, or the
 *  waits                     |-retry-|                                   |-retry-|                          end at once
 *  events       7                                                9                                        | complete
 * </pre>
 *
 * @hidden
 */
@Internal
public final class ResumedEvents {

    private static final String LAST_EVENT_ID = "last-event-id";

    private final ApiRequest<ServerSentEvent> request;
    private final ClientRuntime client;
    private final RetryPolicy policy;

    public ResumedEvents(ApiRequest<ServerSentEvent> request, ClientRuntime client, RetryPolicy policy) {
        this.request = request;
        this.client = client;
        this.policy = policy;
    }

    public Flux<ServerSentEvent> events() {
        Duration whole = request.deadline();
        Flux<ServerSentEvent> events = Flux.deferContextual(context -> new Run(Scope.of(context)).events());
        Flux<ServerSentEvent> limited = whole == null
                ? events
                : events.contextWrite(
                        context -> Scope.ending(whole, client.scheduler()).in(context));
        return client.reported(CallListener.Kind.EVENTS, request, limited);
    }

    /** The signal for the end of a completed call, which is no failure but a reason to call again. */
    private static final class StreamEnded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StreamEnded() {
            super("the stream has ended", null, false, false);
        }
    }

    /** One subscription. Its calls are serial, and so is every access to this state. */
    private final class Run implements CallFlux.StreamListener {
        private final @Nullable Scope scope;
        private volatile Journey journey = Journey.none();
        private volatile @Nullable String lastId = request.headerValue(LAST_EVENT_ID);
        private volatile @Nullable Duration serversWait;
        private volatile boolean opened;
        private volatile boolean finished;
        private volatile boolean fruitful;
        private final AtomicInteger fruitless = new AtomicInteger();

        Run(@Nullable Scope scope) {
            this.scope = scope;
        }

        Flux<ServerSentEvent> events() {
            return Flux.defer(this::call)
                    .retryWhen(Retry.from(signals ->
                            signals.concatMap(signal -> next(signal.failure())).takeWhile(again -> again)));
        }

        private Flux<ServerSentEvent> call() {
            opened = false;
            fruitful = false;
            String id = lastId;
            ApiRequest<ServerSentEvent> resumed =
                    id == null ? request : request.withHeader(LAST_EVENT_ID, asHeader(id));
            return new CallFlux<>(resumed, client, this)
                    .doOnNext(this::learn)
                    .filter(event -> !event.event().isEmpty())
                    .concatWith(Flux.error(StreamEnded::new));
        }

        /** Encodes the id as UTF-8 (WHATWG HTML §9.2.4); each character of a header stands for one byte. */
        private String asHeader(String id) {
            return new String(id.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        }

        private void learn(ServerSentEvent event) {
            lastId = event.id();
            if (event.retry() != null) {
                serversWait = event.retry();
            }
            if (!event.event().isEmpty()) {
                fruitful = true;
                fruitless.set(0);
            }
        }

        /** Emits whether to call again, after the wait; fails if the stream cannot be resumed. */
        private Mono<Boolean> next(Throwable end) {
            String id = lastId;
            boolean resumable = id != null && Headers.whatIsWrongWith(asHeader(id)) == null;
            if (end instanceof StreamEnded) {
                return finished || !resumable || !fruitful ? Mono.just(false) : again(null);
            }
            boolean broke = end instanceof ApiException e && e.retryability() == Retryability.TRANSIENT && opened;
            if (!broke || !resumable) {
                return Mono.error(end); // a call that did not open was already retried on its own
            }
            if (!fruitful && fruitless.incrementAndGet() >= policy.maxAttempts()) {
                return Mono.error(end);
            }
            return again(end);
        }

        /** Waits before the next call. A wait that would outlast the deadline is not started. */
        private Mono<Boolean> again(@Nullable Throwable broken) {
            Duration own = Duration.ofNanos(policy.backoff()
                    .nanosAfter(fruitless.get() + 1, ThreadLocalRandom.current().nextDouble()));
            Duration asked = serversWait;
            Duration wait = asked != null && asked.compareTo(own) > 0 ? asked : own;
            long waitNanos = Durations.nanosOf(wait);
            if (scope != null && waitNanos >= scope.remainingNanos()) {
                return Mono.error(broken == null ? outOfTime(wait) : broken);
            }
            return client.active()
                    .pause(Duration.ofNanos(waitNanos), client.scheduler())
                    .thenReturn(true);
        }

        /** Returns the error for a stream that ended without having been declared finished. */
        private ApiException outOfTime(Duration wait) {
            ApiException failed = new ApiException(Failure.of(
                            ErrorKind.DEADLINE_EXCEEDED,
                            Certainty.PROCESSED,
                            Retryability.PERMANENT,
                            "the stream has ended, and the wait of " + Durations.nanosOf(wait) / 1_000_000
                                    + " ms before it is taken up again is longer than the deadline leaves")
                    .withPhase(Phase.TOTAL));
            return failed.conclude(journey, null, true);
        }

        @Override
        public void head(ResponseHead head) {
            opened = true;
            finished = head.status() == 204; // WHATWG HTML §9.2.3: the server asks not to reconnect
        }

        @Override
        public void journey(Journey ended) {
            journey = ended;
        }
    }
}
