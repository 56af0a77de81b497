package io.penstock.upload;

import io.penstock.annotation.Internal;
import io.penstock.body.JsonCodec;
import io.penstock.error.ApiException;
import io.penstock.http.Progress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * A body that is read while it is sent: a file as it is, a form with files in it, JSON with files in it, or a stream.
 * Immutable; pass it to {@code ApiRequest.body(Upload)}.
 *
 * <pre>{@code
 * ApiRequest.put("images/{id}").path("id", 7).body(Upload.file(path, "image/png"))
 * ApiRequest.post("files").body(Upload.form().text("type", "local").file("file", path))
 * ApiRequest.post("notes").body(Upload.json(note).base64("/attachment/data", path))
 * ApiRequest.post("logs").body(Upload.stream(lines, "text/plain"))
 * }</pre>
 *
 * <p>Nothing is read before the call has a connection, and then only as fast as the server accepts it: at most a few
 * chunks of 64 KiB are in memory. Files are read on {@code Schedulers.boundedElastic()}.
 *
 * <p><b>Retries.</b> Files can be sent again, so an upload is retried by the same rules as any other call, with exactly
 * the same bytes. The files must keep their size and modification time until the call has ended. Otherwise the call
 * fails with BODY_UNREADABLE, and a request in progress is aborted before its end. A later subscription to the call
 * sends the files in their current state. With an idempotency key, which stands for one body, they must still be as
 * they were at the first subscription. A stream can be read only once: a retry that would need it again is not made,
 * and the call fails with the error of the last attempt.
 *
 * <p><b>Early answers.</b> If the server answers before it has read everything, with 413 for instance, its answer is
 * the result of the call, and the rest of the body is not sent.
 *
 * <p><b>Time.</b> The time in which the body is sent does not count towards the attempt timeout while the server keeps
 * accepting it; see {@link io.penstock.error.Phase#SEND}. It does count towards the deadline of the call: set a longer
 * one for a large upload.
 */
public sealed interface Upload permits FileUpload, FormUpload, JsonUpload, StreamUpload {

    /** Creates an upload of the bytes of a file, as they are. */
    static Upload file(Path file, String contentType) {
        return new FileUpload(file, contentType);
    }

    /** Creates an empty form, sent as {@code multipart/form-data} (RFC 7578), to which fields and files are added. */
    static FormUpload form() {
        return FormUpload.EMPTY;
    }

    /** Creates an upload of an object as JSON, into which files are put in base64. */
    static JsonUpload json(Object value) {
        return JsonUpload.of(value);
    }

    /**
     * Creates an upload of a publisher's buffers as they are emitted, in chunks of HTTP/1.1. The first attempt that has
     * a connection subscribes to the publisher, once. It requests one buffer after the other, and cancels if the
     * attempt ends early. The buffers must not change after they were emitted. If the publisher fails, the call fails
     * with BODY_UNREADABLE, and the server does not receive a complete request.
     *
     * <p>Subscription, requests and cancellation run on {@code Schedulers.boundedElastic()}, so the publisher may
     * block. It may signal on any thread.
     */
    static Upload stream(Publisher<ByteBuffer> bytes, String contentType) {
        return new StreamUpload(bytes, contentType);
    }

    /**
     * Creates an upload as {@link #stream(Publisher, String)}, of exactly this many bytes, which are announced as
     * {@code Content-Length}.
     */
    static Upload stream(Publisher<ByteBuffer> bytes, long length, String contentType) {
        return new StreamUpload(bytes, length, contentType);
    }

    /** Returns the media type of the whole body. */
    String contentType();

    /**
     * Returns the body of a call that is being planned.
     *
     * @param key the member to add to a JSON object, and its value; null for none
     * @throws ApiException INVALID_REQUEST if the body cannot be encoded, or the key cannot be added
     * @hidden
     */
    @Internal
    RequestBody encode(JsonCodec codec, @Nullable Key key, @Nullable Consumer<Progress> listener);

    /**
     * An idempotency key that is sent in the body.
     *
     * @param member the name of the member
     * @param text the key
     * @hidden
     */
    @Internal
    record Key(String member, String text) {
        static void refuse(@Nullable Key key, String what) {
            if (key != null) {
                throw ApiException.invalidRequest("body: " + what + " (expected: an object to send as JSON, because the"
                        + " idempotency key goes into its member \"" + key.member() + "\")");
            }
        }
    }
}
