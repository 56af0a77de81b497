package io.penstock.upload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.penstock.error.ApiException;
import io.penstock.http.Progress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The bytes of a publisher, sent once, because a second subscription might give other bytes. Subscription, requests and
 * cancellation run on {@code Schedulers.boundedElastic()}; the publisher may signal on any thread.
 */
final class OneShotBody extends UploadBody {

    private final Publisher<ByteBuffer> source;
    private final long length;
    private final AtomicBoolean begun;

    /**
     * Creates a body.
     *
     * @param begun whether the publisher has been read; shared by all calls of one request, because they share the
     *     publisher
     */
    OneShotBody(Publisher<ByteBuffer> source, long length, AtomicBoolean begun, @Nullable Consumer<Progress> listener) {
        super(listener);
        this.source = source;
        this.length = length;
        this.begun = begun;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public boolean isReplayable() {
        return false;
    }

    @Override
    public boolean isAvailable() {
        return !begun.get();
    }

    @Override
    public UploadBody anew() {
        return this;
    }

    @Override
    public Mono<Void> prepare() {
        return isAvailable() ? Mono.empty() : Mono.error(used());
    }

    @Override
    public Flux<ByteBuf> content(ByteBufAllocator allocator) {
        return Flux.defer(() -> {
            if (!begun.compareAndSet(false, true)) {
                return Flux.error(used());
            }
            // The publisher is the user's and not written for an event loop: subscribe, request and cancel may block.
            Flux<ByteBuf> bytes = Flux.from(source)
                    .cancelOn(Schedulers.boundedElastic())
                    .subscribeOn(Schedulers.boundedElastic())
                    .onErrorMap(OneShotBody::failed)
                    .map(Unpooled::wrappedBuffer);
            return length == Progress.UNKNOWN ? bytes : exactly(bytes);
        });
    }

    /**
     * Enforces the announced length: extra bytes would be taken for the next request, and the server would wait for
     * missing ones.
     */
    private Flux<ByteBuf> exactly(Flux<ByteBuf> bytes) {
        AtomicLong left = new AtomicLong(length);
        return bytes.doOnNext(part -> {
                    if (left.addAndGet(-part.readableBytes()) < 0) {
                        throw unreadable("body: the publisher gave more than the " + length + " bytes promised", null);
                    }
                })
                .concatWith(Mono.defer(() -> left.get() == 0
                        ? Mono.empty()
                        : Mono.error(unreadable(
                                "body: the publisher gave " + (length - left.get()) + " bytes (expected: the " + length
                                        + " promised)",
                                null))));
    }

    private static Throwable failed(Throwable error) {
        return unreadable(
                "body: its publisher failed with " + error.getClass().getSimpleName() + " (see the cause)", error);
    }

    private static ApiException used() {
        return unreadable(
                "body: its publisher has been read before, and can be read only once (expected: a new publisher for"
                        + " each request, or a file)",
                null);
    }

    @Override
    public String toString() {
        return "a publisher of " + (length == Progress.UNKNOWN ? "an unknown number of" : length) + " bytes";
    }
}
