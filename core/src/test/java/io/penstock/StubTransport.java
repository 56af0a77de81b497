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
import io.penstock.pipeline.ConnectionStats;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.Transport;
import io.penstock.upload.RequestBody;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A wire that answers from a function, and remembers what was sent. */
final class StubTransport implements Transport {

    /** What a server says; status 0 for a server that never answers. */
    record Answer(int status, String body, Headers headers) {
        static Answer of(int status, String body) {
            return new Answer(status, body, Headers.of("content-type", "application/json", "content-length", "1"));
        }
    }

    /** What went over the wire. */
    record Sent(String line, List<String> headers, @Nullable String body) {
        @Nullable
        String header(String name) {
            String value = null;
            for (int i = 0; i < headers.size(); i += 2) {
                if (headers.get(i).equalsIgnoreCase(name)) {
                    value = value == null ? headers.get(i + 1) : value + " AND " + headers.get(i + 1);
                }
            }
            return value;
        }
    }

    final List<Sent> sent = new ArrayList<>();
    private final BiFunction<Integer, Attempt, Answer> answers;
    private Duration delay = Duration.ZERO;
    private boolean closed;

    StubTransport(Function<Integer, Answer> answers) {
        this((n, call) -> answers.apply(n));
    }

    StubTransport(BiFunction<Integer, Attempt, Answer> answers) {
        this.answers = answers;
    }

    static StubTransport always(int status, String body) {
        return new StubTransport(n -> Answer.of(status, body));
    }

    @Override
    public Mono<Reply> exchange(Attempt call, Receiver receiver) {
        return Mono.defer(() -> {
            if (closed) {
                return Mono.error(new ApiException(Failure.of(
                        ErrorKind.CLIENT_CLOSED, Certainty.NOT_SENT, Retryability.PERMANENT, "the client is closed")));
            }
            List<String> headers = new ArrayList<>(call.plan().headers());
            headers.addAll(call.addedHeaders());
            RequestBody body = call.plan().body();
            sent.add(new Sent(
                    call.plan().method() + " " + call.plan().uri(), headers, body == null ? null : text(body)));
            call.dispatched(sent.size() > 1);
            Answer answer = answers.apply(sent.size(), call);
            if (answer.status() == 0) {
                return Mono.never();
            }
            Scheduler clock = call.scheduler();
            return delay.isZero()
                    ? Mono.just(reply(call, receiver, answer))
                    : Mono.delay(delay, clock).map(over -> reply(call, receiver, answer));
        });
    }

    private static Reply reply(Attempt call, Receiver receiver, Answer answer) {
        call.answered(answer.status());
        ResponseHead head = new ResponseHead(answer.status(), answer.headers());
        receiver.onHead(call, head);
        ByteBuf buffer = Unpooled.copiedBuffer(answer.body(), StandardCharsets.UTF_8);
        try {
            return receiver.onBody(call, head, buffer, true);
        } finally {
            buffer.release();
        }
    }

    /** The same wire, on which every answer takes that long. */
    StubTransport taking(Duration time) {
        delay = time;
        return this;
    }

    private static String text(RequestBody body) {
        return body instanceof RequestBody.Bytes bytes
                ? StandardCharsets.UTF_8.decode(bytes.buffer()).toString()
                : body.toString();
    }

    @Override
    public Mono<Void> closeLater() {
        return Mono.fromRunnable(() -> closed = true);
    }

    @Override
    public List<ConnectionStats> connections() {
        return List.of(new ConnectionStats("stub:1", 0, 1, 0));
    }

    @Override
    public String describe() {
        return "a stub";
    }
}
