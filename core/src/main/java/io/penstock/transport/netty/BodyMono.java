package io.penstock.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.http.ResponseHead;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Receiver;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.SubscribingOperator.SubscriberContext;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.netty.ByteBufFlux;
import reactor.util.context.Context;

/**
 * A publisher that collects the decoded bytes of a body up to the receiver's limit, and lends them to the receiver
 * once.
 */
final class BodyMono extends Mono<Reply> {

    private final Attempt call;
    private final Receiver receiver;
    private final ResponseHead head;
    private final ByteBufFlux body;

    BodyMono(Attempt call, Receiver receiver, ResponseHead head, ByteBufFlux body) {
        this.call = call;
        this.receiver = receiver;
        this.head = head;
        this.body = body;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Reply> actual) {
        body.subscribe(SubscriberContext.<ByteBuf>restoring(new Collector(actual, this)));
    }

    /**
     * The owner of the collected bytes. Signals come on the event loop, a cancel may come on any thread. The thread
     * that raises {@code wip} from zero may touch the buffers, and must check again before it lets go. A cancel during
     * a signal leaves the release to that signal; a signal during or after a cancel is dropped.
     */
    private static final class Collector implements CoreSubscriber<ByteBuf>, Subscription {

        private static final AtomicIntegerFieldUpdater<Collector> WIP =
                AtomicIntegerFieldUpdater.newUpdater(Collector.class, "wip");

        private final CoreSubscriber<? super Reply> actual;
        private final BodyMono mono;
        private final int limit;

        @SuppressWarnings("UnusedVariable") // accessed through WIP
        private volatile int wip;

        private @Nullable Subscription upstream;
        private @Nullable ByteBuf collected;
        private boolean done;

        Collector(CoreSubscriber<? super Reply> actual, BodyMono mono) {
            this.actual = actual;
            this.mono = mono;
            this.limit = mono.receiver.limit(mono.call, mono.head);
        }

        @Override
        public void onSubscribe(Subscription s) {
            upstream = s;
            actual.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n) && upstream != null) {
                upstream.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void cancel() {
            if (upstream != null) {
                upstream.cancel();
            }
            if (WIP.getAndIncrement(this) == 0) {
                release(); // wip stays above zero, so no later signal gets in
            }
        }

        @Override
        public void onNext(ByteBuf part) {
            if (done || WIP.getAndIncrement(this) != 0) {
                return;
            }
            mono.call.received(part.readableBytes());
            int size = collected == null ? 0 : collected.readableBytes();
            boolean fits = part.readableBytes() <= limit - size;
            collect(fits ? part.retain() : part.retainedSlice(part.readerIndex(), limit - size));
            if (WIP.decrementAndGet(this) != 0) {
                release(); // cancelled meanwhile
            } else if (!fits) {
                if (upstream != null) {
                    upstream.cancel(); // closes the connection, as the rest is not read
                }
                finish(false);
            }
        }

        private void collect(ByteBuf part) {
            if (collected == null) {
                collected = part;
            } else if (collected instanceof CompositeByteBuf composite) {
                composite.addComponent(true, part);
            } else {
                collected = part.alloc().compositeBuffer(Integer.MAX_VALUE).addComponents(true, collected, part);
            }
        }

        @Override
        public void onComplete() {
            if (!done) {
                finish(true);
            }
        }

        @Override
        public void onError(Throwable error) {
            if (done) {
                return; // the rest of a body that was cancelled
            }
            if (!mono.head.success() && !(error instanceof Error)) {
                finish(false); // the status of an error matters more than the loss of its body
                return;
            }
            done = true;
            if (WIP.getAndIncrement(this) == 0) {
                release();
                actual.onError(error);
            }
        }

        /** Lends the body to the receiver and ends the call with its reply. */
        private void finish(boolean complete) {
            done = true;
            if (WIP.getAndIncrement(this) != 0) {
                return; // cancelled and released
            }
            Reply reply;
            try {
                ByteBuf body = collected == null ? Unpooled.EMPTY_BUFFER : collected;
                reply = mono.receiver.onBody(mono.call, mono.head, body, complete);
            } catch (Throwable e) {
                actual.onError(Receiver.misread(mono.call, e)); // any throwable, as nothing else would end the call
                Exceptions.throwIfJvmFatal(e);
                return;
            } finally {
                release();
            }
            actual.onNext(reply);
            actual.onComplete();
        }

        private void release() {
            ByteBuf owned = collected;
            collected = null;
            if (owned != null) {
                owned.release();
            }
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }
    }
}
