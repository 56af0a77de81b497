package io.penstock;

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
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * A wire and a server whose every step waits until it is chosen: connecting, sending, being acted on, answering, breaking.
 * The server goes on with what it has received, whether the client is still there or not.
 */
final class Interleaving extends ScriptedWire {

    private static final int[] REFUSALS = {401, 404, 429, 503};

    private final SplittableRandom random;
    private final List<Runnable> steps = new ArrayList<>();
    /** Effects by order: the key, or a number of its own for each unkeyed request. */
    final Map<String, Integer> effects = new LinkedHashMap<>();

    private final Set<String> knownKeys = new HashSet<>();
    final List<String> trace = new ArrayList<>();
    private String token = "t0";
    int sends;
    int open;

    Interleaving(SplittableRandom random) {
        this.random = random;
    }

    boolean hasSteps() {
        return !steps.isEmpty();
    }

    /** Takes one of the steps that are possible now. */
    void step() {
        steps.remove(random.nextInt(steps.size())).run();
    }

    void add(Runnable step) {
        steps.add(step);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    void revokeToken() {
        token = "t" + random.nextInt(1_000_000);
        trace.add("token revoked");
    }

    @Override
    public Mono<Reply> exchange(Attempt call, Receiver receiver) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Reply> actual) {
                Wire wire = new Wire(call, receiver, actual);
                open++;
                actual.onSubscribe(wire);
                steps.add(wire::connect);
            }
        };
    }

    private final class Wire implements Subscription {
        private final Attempt call;
        private final Receiver receiver;
        private final CoreSubscriber<? super Reply> actual;
        private boolean ended;

        Wire(Attempt call, Receiver receiver, CoreSubscriber<? super Reply> actual) {
            this.call = call;
            this.receiver = receiver;
            this.actual = actual;
        }

        private boolean end() {
            boolean first = !ended;
            ended = true;
            open -= first ? 1 : 0;
            return first;
        }

        void connect() {
            if (ended) {
                return;
            }
            if (chance(0.1)) {
                fail(ErrorKind.CONNECT, Certainty.NOT_SENT, "connection refused");
                return;
            }
            trace.add("sent " + call);
            sends++;
            call.dispatched(false);
            steps.add(this::handle); // the server's, even if the client leaves
            if (chance(0.15)) {
                steps.add(() -> fail(ErrorKind.CONNECTION_LOST, call.certaintyIfInterrupted(), "reset"));
            }
        }

        /** The server has the request. */
        private void handle() {
            if (call.plan().target().endsWith("/token")) {
                answer(chance(0.8) ? 200 : 500, "{\"token\":\"" + token + "\"}", "");
                return;
            }
            boolean expired = !call.addedHeaders().contains("Bearer " + token);
            int status = expired ? 401 : chance(0.3) ? REFUSALS[1 + random.nextInt(3)] : chance(0.15) ? 500 : 201;
            boolean acts = status == 201 || (status == 500 && chance(0.5));
            if (acts) {
                act();
            }
            answer(status, "{\"id\":1}", status == 503 || status == 429 ? "0" : "");
        }

        private void act() {
            var key = call.plan().key();
            String order = call.plan().operation() + (key == null ? "" : " " + key);
            if (key == null || knownKeys.add(order)) {
                effects.merge(order, 1, Integer::sum);
            }
            trace.add("acted on " + call + " " + order);
        }

        private void answer(int status, String body, String retryAfter) {
            steps.add(() -> {
                if (ended) {
                    return;
                }
                trace.add("head " + status + " of " + call);
                call.answered(status);
                ResponseHead head = new ResponseHead(
                        status, retryAfter.isEmpty() ? Headers.none() : Headers.of("retry-after", retryAfter));
                receiver.onHead(call, head);
                steps.add(() -> body(head, body));
                if (chance(0.1)) {
                    steps.add(() -> fail(ErrorKind.CONNECTION_LOST, call.certaintyIfInterrupted(), "cut"));
                }
            });
        }

        private void body(ResponseHead head, String text) {
            if (ended) {
                return;
            }
            ByteBuf buffer = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
            Reply reply;
            try {
                reply = receiver.onBody(call, head, buffer, true);
            } catch (ApiException e) {
                if (end()) {
                    actual.onError(e);
                }
                return;
            } finally {
                buffer.release();
            }
            if (end()) {
                actual.onNext(reply);
                actual.onComplete();
            }
        }

        private void fail(ErrorKind kind, Certainty certainty, String message) {
            if (end()) {
                trace.add(message + " " + call);
                actual.onError(new ApiException(Failure.of(kind, certainty, Retryability.TRANSIENT, message)
                        .withStatus(call.status())));
            }
        }

        @Override
        public void request(long n) {
            // what comes is one reply
        }

        @Override
        public void cancel() {
            if (end()) {
                trace.add("given up " + call);
            }
        }
    }

    /** How often something was done for this order. */
    int effectsOf(@Nullable String key, String operation) {
        return effects.getOrDefault(operation + (key == null ? "" : " " + key), 0);
    }
}
