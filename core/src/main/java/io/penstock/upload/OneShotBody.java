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
 * What a publisher gives, once: nobody knows whether a second subscription would give the same. It is subscribed to, asked and
 * cancelled on {@code Schedulers.boundedElastic()}, and may signal on any thread.
 */
final class OneShotBody extends UploadBody {

    private final Publisher<ByteBuffer> source;
    private final long length;
    private final AtomicBoolean begun;

    /** @param begun belongs to the publisher, not to this body: two calls of one request share it */
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
            // Whatever it does when it is asked or told to stop may block: it is the user's, and not made for an event
            // loop.
            Flux<ByteBuf> bytes = Flux.from(source)
                    .cancelOn(Schedulers.boundedElastic())
                    .subscribeOn(Schedulers.boundedElastic())
                    .onErrorMap(OneShotBody::failed)
                    .map(Unpooled::wrappedBuffer);
            return length == Progress.UNKNOWN ? bytes : exactly(bytes);
        });
    }

    /** More than was promised would be taken for the next request; less would be waited for. */
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
