package io.penstock.download;

import io.penstock.annotation.Internal;
import io.penstock.error.Journey;
import io.penstock.http.ResponseHead;
import io.penstock.request.ApiRequest;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;

/**
 * The source of a download's calls; it stands for {@code ApiClient}.
 *
 * @hidden
 */
@FunctionalInterface
@Internal
public interface DownloadSource {

    /**
     * Returns a call that starts at subscription.
     *
     * @param head receives the head of a success before its first part; an exception ends the call
     * @param journey receives the journey of a call that completed
     */
    Flux<ByteBuffer> open(ApiRequest<ByteBuffer> request, Consumer<ResponseHead> head, Consumer<Journey> journey);
}
