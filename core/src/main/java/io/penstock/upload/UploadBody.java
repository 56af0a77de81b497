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

/** A body that is read while it is sent. */
@Internal
public abstract sealed class UploadBody implements RequestBody permits FileBody, OneShotBody {

    private final @Nullable Consumer<Progress> listener;

    UploadBody(@Nullable Consumer<Progress> listener) {
        this.listener = listener;
    }

    /**
     * To be subscribed to before every attempt: it ends well if the body can be read now and is what it was at the first
     * attempt, and tells its length from then on. Otherwise it fails with BODY_UNREADABLE. Files are looked at on
     * {@code Schedulers.boundedElastic()}.
     */
    public abstract Mono<Void> prepare();

    /**
     * The bytes. Files are read on {@code Schedulers.boundedElastic()}, never before there is demand; a cancel closes them
     * soon. Whoever receives a buffer owns it. It fails with BODY_UNREADABLE, and never completes after less, more or other
     * bytes than were promised.
     */
    public abstract Flux<ByteBuf> content(ByteBufAllocator allocator);

    /**
     * The same body for another call, which takes it as it is by then. What can be sent only once is the same for all calls.
     */
    public abstract UploadBody anew();

    /** Who wants to hear of the progress, or null. */
    public @Nullable Consumer<Progress> listener() {
        return listener;
    }

    static ApiException unreadable(String message, @Nullable Throwable cause) {
        Failure failure = Failure.of(ErrorKind.BODY_UNREADABLE, Certainty.NOT_SENT, Retryability.PERMANENT, message);
        return new ApiException(cause == null ? failure : failure.withCause(cause));
    }
}
