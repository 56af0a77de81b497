package io.penstock.upload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.http.Progress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A body that is read while it is sent.
 *
 * @hidden
 */
@Internal
public abstract sealed class UploadBody implements RequestBody permits FileBody, OneShotBody {

    private final @Nullable Consumer<Progress> listener;

    UploadBody(@Nullable Consumer<Progress> listener) {
        this.listener = listener;
    }

    /**
     * Completes if the body can be read now and is as it was at the first attempt; from then on its length is known.
     * Otherwise fails with BODY_UNREADABLE. To be subscribed to before every attempt. Files are checked on
     * {@code Schedulers.boundedElastic()}.
     */
    public abstract Mono<Void> prepare();

    /**
     * Emits the bytes. Files are read on {@code Schedulers.boundedElastic()}, only on demand; a cancel closes them
     * soon. The receiver of a buffer owns it. Fails with BODY_UNREADABLE if the bytes are fewer, more or other than
     * announced, and never completes in that case.
     */
    public abstract Flux<ByteBuf> content(ByteBufAllocator allocator);

    /**
     * Returns the body for another call, with files in their current state. A body that can be sent only once is the
     * same for all calls.
     */
    public abstract UploadBody anew();

    /** Returns the progress listener, or null. */
    public @Nullable Consumer<Progress> listener() {
        return listener;
    }

    static ApiException unreadable(String message, @Nullable Throwable cause) {
        Failure failure = Failure.of(ErrorKind.BODY_UNREADABLE, Certainty.NOT_SENT, Retryability.PERMANENT, message);
        return new ApiException(cause == null ? failure : failure.withCause(cause));
    }
}
