package io.penstock.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.http.Headers;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import java.nio.charset.StandardCharsets;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** A transport that responds at once with the same head and body, so that a benchmark measures the pipeline alone. */
public final class StubTransport extends WithoutConnections {

    private final ResponseHead head;
    private final ByteBuf body;

    /** Creates a transport that responds to every request with the given body. */
    public StubTransport(String json) {
        this.head = new ResponseHead(200, Headers.of("content-type", "application/json"));
        this.body = Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Mono<Reply> exchange(Attempt call, Receiver receiver) {
        return new StubMono(call, receiver, head, body);
    }

    private static final class StubMono extends Mono<Reply> {
        private final Attempt call;
        private final Receiver receiver;
        private final ResponseHead head;
        private final ByteBuf body;

        StubMono(Attempt call, Receiver receiver, ResponseHead head, ByteBuf body) {
            this.call = call;
            this.receiver = receiver;
            this.head = head;
            this.body = body;
        }

        @Override
        public void subscribe(CoreSubscriber<? super Reply> actual) {
            call.dispatched(true);
            call.answered(head.status());
            receiver.onHead(call, head);
            Reply reply = receiver.onBody(call, head, body, true);
            actual.onSubscribe(Operators.scalarSubscription(actual, reply));
        }
    }
}
