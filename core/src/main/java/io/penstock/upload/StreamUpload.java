package io.penstock.upload;

import io.penstock.body.JsonCodec;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.http.Progress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** A stream that remembers whether it has been read. */
final class StreamUpload implements Upload {

    private final Publisher<ByteBuffer> bytes;
    private final long length;
    private final String contentType;
    private final AtomicBoolean begun = new AtomicBoolean();

    /** Creates a stream of unknown length. */
    StreamUpload(Publisher<ByteBuffer> bytes, String contentType) {
        Headers.checkSendable("content-type", contentType);
        this.bytes = Objects.requireNonNull(bytes, "bytes");
        this.length = Progress.UNKNOWN;
        this.contentType = contentType;
    }

    StreamUpload(Publisher<ByteBuffer> bytes, long length, String contentType) {
        Headers.checkSendable("content-type", contentType);
        if (length < 0) {
            throw ApiException.invalidRequest("length of a stream: " + length + " (expected: >= 0)");
        }
        this.bytes = Objects.requireNonNull(bytes, "bytes");
        this.length = length;
        this.contentType = contentType;
    }

    @Override
    public String contentType() {
        return contentType;
    }

    @Override
    public RequestBody encode(JsonCodec codec, @Nullable Key key, @Nullable Consumer<Progress> listener) {
        Key.refuse(key, "a stream");
        return new OneShotBody(bytes, length, begun, listener);
    }

    @Override
    public String toString() {
        return "stream of " + (length == Progress.UNKNOWN ? "an unknown number of" : length) + " bytes, " + contentType;
    }
}
