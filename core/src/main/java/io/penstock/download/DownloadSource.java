package io.penstock.download;

import io.penstock.annotation.Internal;
import io.penstock.error.Journey;
import io.penstock.http.ResponseHead;
import io.penstock.request.ApiRequest;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;

/** Makes the calls of a download: what {@link io.penstock.ApiClient} is to it. */
@FunctionalInterface
@Internal
public interface DownloadSource {

    /**
     * One call, when subscribed to.
     *
     * @param head is shown the head of a success before its first part; what it throws ends the call
     * @param journey is shown the journey of a call that came to its end
     */
    Flux<ByteBuffer> open(ApiRequest<ByteBuffer> request, Consumer<ResponseHead> head, Consumer<Journey> journey);
}
