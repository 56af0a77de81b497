package io.penstock.test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.BodyReader;
import io.penstock.pipeline.ConnectionStats;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.StreamedBody;
import io.penstock.pipeline.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A transport without sockets: every attempt takes the next step of a script. With a virtual-time scheduler, a test
 * runs through minutes of waiting at once:
 *
 * <pre>{@code
 * ScriptedTransport wire = ScriptedTransport.of(
 *         ScriptedTransport.answer(503, "{}"),
 *         ScriptedTransport.answer(200, "{\"id\":1}").after(Duration.ofMillis(80)));
 * }</pre>
 *
 * An attempt beyond the end of the script fails the call with an {@link IllegalStateException} as cause. Thread-safe:
 * concurrent attempts take the steps in the order of their arrival.
 */
public final class ScriptedTransport implements Transport {

    private final Deque<Step> script = new ArrayDeque<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private int cancels;
    private boolean closed;

    private ScriptedTransport() {}

    /** Returns a transport that plays these steps. */
    public static ScriptedTransport of(Step... steps) {
        return new ScriptedTransport().then(steps);
    }

    /** Appends steps to the script. Returns this transport. */
    public synchronized ScriptedTransport then(Step... steps) {
        script.addAll(Arrays.asList(steps));
        return this;
    }

    /**
     * One step of the script: the outcome of one attempt.
     *
     * @param delay the time before the outcome, on the call's scheduler
     * @param outcome the outcome
     */
    public record Step(Duration delay, Outcome outcome) {

        /** Returns a copy with another delay. */
        public Step after(Duration newDelay) {
            return new Step(newDelay, outcome);
        }
    }

    /** The end of one attempt. */
    @FunctionalInterface
    public interface Outcome {
        /** Emits the reply or an error. It is called after the step's delay. */
        Mono<Reply> play(Attempt call, Receiver receiver);
    }

    /** Returns a step that answers with a JSON body. */
    public static Step answer(int status, String json) {
        return answer(status, Headers.of("content-type", "application/json"), json);
    }

    /** Returns a step that answers with these headers and this body. */
    public static Step answer(int status, Headers headers, String body) {
        return new Step(
                Duration.ZERO,
                (call, receiver) -> played(
                        call,
                        receiver,
                        new ResponseHead(status, headers),
                        body.getBytes(StandardCharsets.UTF_8),
                        true));
    }

    /**
     * Hands an answer to a receiver when subscribed to.
     *
     * @param complete false if the connection is lost behind these bytes
     */
    static Mono<Reply> played(Attempt call, Receiver receiver, ResponseHead head, byte[] body, boolean complete) {
        return Mono.defer(() -> {
            call.dispatched(false);
            call.answered(head.status());
            receiver.onHead(call, head);
            BodyReader reader = receiver.reader(call, head);
            ByteBuf bytes = Unpooled.wrappedBuffer(body);
            if (reader != null) {
                Flux<ByteBuf> parts = Flux.just(bytes);
                return StreamedBody.of(call, head, reader, complete ? parts : parts.concatWith(Mono.error(cutShort())));
            }
            try {
                call.received(bytes.readableBytes());
                int limit = receiver.limit(call, head);
                boolean fits = bytes.readableBytes() <= limit;
                return Mono.just(receiver.onBody(call, head, fits ? bytes : bytes.slice(0, limit), fits && complete));
            } finally {
                bytes.release();
            }
        });
    }

    private static ApiException cutShort() {
        return new ApiException(Failure.of(
                ErrorKind.CONNECTION_LOST,
                Certainty.PROCESSED,
                Retryability.TRANSIENT,
                "connection lost inside the body"));
    }

    /** Returns a step in which the connection is refused, so that nothing is sent. */
    public static Step refused() {
        return new Step(
                Duration.ZERO,
                (call, receiver) -> failure(ErrorKind.CONNECT, Certainty.NOT_SENT, "connection refused"));
    }

    /**
     * Returns a step in which the connection is lost after the request was written. It is unknown whether the server
     * acted.
     */
    public static Step lost() {
        return new Step(Duration.ZERO, (call, receiver) -> {
            call.dispatched(false);
            return failure(
                    ErrorKind.CONNECTION_LOST, Certainty.MAYBE_PROCESSED, "connection reset before the response");
        });
    }

    /** Returns a step in which the request is written and no response ever arrives. */
    public static Step silence() {
        return new Step(Duration.ZERO, (call, receiver) -> {
            call.dispatched(false);
            return Mono.never();
        });
    }

    private static Mono<Reply> failure(ErrorKind kind, Certainty certainty, String message) {
        return Mono.error(new ApiException(Failure.of(kind, certainty, Retryability.TRANSIENT, message)));
    }

    @Override
    public Mono<Reply> exchange(Attempt call, Receiver receiver) {
        return Mono.defer(() -> {
                    Step step = next(call);
                    if (step == null) {
                        return Mono.error(new IllegalStateException(
                                "attempt " + attempts().size() + " of a script with one step fewer: " + call));
                    }
                    Mono<Reply> outcome = Mono.defer(() -> step.outcome().play(call, receiver));
                    return step.delay().isZero()
                            ? outcome
                            : Mono.delay(step.delay(), call.scheduler()).then(outcome);
                })
                .doOnCancel(this::cancelled);
    }

    private synchronized @Nullable Step next(Attempt call) {
        attempts.add(call);
        if (closed) {
            return new Step(
                    Duration.ZERO,
                    (c, r) -> failure(ErrorKind.CLIENT_CLOSED, Certainty.NOT_SENT, "the client is closed"));
        }
        return script.poll();
    }

    private synchronized void cancelled() {
        cancels++;
    }

    /** Returns the attempts that reached this transport, in order. */
    public synchronized List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /** Returns the number of attempts that were cancelled in this transport. */
    public synchronized int cancels() {
        return cancels;
    }

    /** Returns the number of steps that no attempt has taken yet. */
    public synchronized int remaining() {
        return script.size();
    }

    @Override
    public Mono<Void> closeLater() {
        return Mono.fromRunnable(() -> {
            synchronized (this) {
                closed = true;
            }
        });
    }

    @Override
    public List<ConnectionStats> connections() {
        return List.of();
    }

    @Override
    public String describe() {
        return "scripted, " + remaining() + " steps left";
    }
}
