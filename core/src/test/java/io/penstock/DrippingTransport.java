package io.penstock;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.BodyReader;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.StreamedBody;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A wire that answers each call with 200 and a body which arrives part by part. */
final class DrippingTransport extends ScriptedWire {

    private final Headers headers;
    private final IntFunction<Flux<String>> bodies;
    private final AtomicInteger calls = new AtomicInteger();

    /** Answers the call of each number, from 1, with those parts. */
    DrippingTransport(Headers headers, IntFunction<Flux<String>> bodies) {
        this.headers = headers;
        this.bodies = bodies;
    }

    int calls() {
        return calls.get();
    }

    @Override
    public Mono<Reply> exchange(Attempt call, Receiver receiver) {
        return Mono.defer(() -> {
            int number = calls.incrementAndGet();
            call.dispatched(number > 1);
            call.answered(200);
            ResponseHead head = new ResponseHead(200, headers);
            receiver.onHead(call, head);
            BodyReader reader = Objects.requireNonNull(receiver.reader(call, head), "reader");
            Flux<ByteBuf> body = bodies.apply(number).map(DrippingTransport::bytes);
            return StreamedBody.of(call, head, reader, body);
        });
    }

    private static ByteBuf bytes(String part) {
        return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(part, StandardCharsets.UTF_8));
    }
}
