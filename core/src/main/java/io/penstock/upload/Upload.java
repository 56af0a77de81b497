package io.penstock.upload;

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
 * Immutable; give it to {@link io.penstock.request.ApiRequest#body(Upload)}.
 *
 * <pre>{@code
 * ApiRequest.put("images/{id}").path("id", 7).body(Upload.file(path, "image/png"))
 * ApiRequest.post("files").body(Upload.form().text("type", "local").file("file", path))
 * ApiRequest.post("notes").body(Upload.json(note).base64("/attachment/data", path))
 * ApiRequest.post("logs").body(Upload.stream(lines, "text/plain"))
 * }</pre>
 *
 * <p>Nothing is read before the call has a connection, and then only as fast as the server takes it: at most a few chunks
 * of 64 KiB are in memory. Files are read on {@code Schedulers.boundedElastic()}.
 *
 * <p><b>Sending again.</b> Files can be sent again, so that an upload is retried by the same rules as any other call, with
 * exactly the same bytes. They must keep their size and the time at which they were last modified until the call has
 * ended: otherwise it fails with BODY_UNREADABLE, and a request that was under way is broken off before its end. Whoever
 * subscribes to the call again later sends the files as they are by then; with an idempotency key, which stands for one
 * body, they must still be what they were at the first subscription. A stream
 * can be read only once: a retry that would need it again is not made, and the call fails with the error of the attempt
 * that was.
 *
 * <p><b>Early answers.</b> A server that answers before it has read everything, with 413 for instance, gives the call its
 * result; the rest of the body is not sent.
 *
 * <p><b>Time.</b> The time in which the body is sent does not count towards the attempt time-out as long as the server
 * goes on taking it; see {@link io.penstock.error.Phase#SEND}. The deadline of the call goes on counting: give a large upload a
 * larger one.
 */
public sealed interface Upload permits FileUpload, FormUpload, JsonUpload, StreamUpload {

    /** The bytes of a file, as they are. */
    static Upload file(Path file, String contentType) {
        return new FileUpload(file, contentType);
    }

    /** A form as {@code multipart/form-data} (RFC 7578), to which fields and files are added. */
    static FormUpload form() {
        return FormUpload.EMPTY;
    }

    /** An object as JSON, into which files are put in base64. */
    static JsonUpload json(Object value) {
        return JsonUpload.of(value);
    }

    /**
     * What a publisher gives, as it comes, in chunks of HTTP/1.1. It is subscribed to once, by the first attempt that has a
     * connection; it is asked for one buffer after the other, which must not change afterwards, and cancelled if the
     * attempt ends early. If it fails, so does the call, with BODY_UNREADABLE, and the server gets no complete request.
     *
     * <p>It is subscribed to, asked and cancelled on {@code Schedulers.boundedElastic()}, so that it may block; it may signal on
     * any thread.
     */
    static Upload stream(Publisher<ByteBuffer> bytes, String contentType) {
        return new StreamUpload(bytes, contentType);
    }

    /** As {@link #stream(Publisher, String)}, of exactly that many bytes, which are announced as {@code Content-Length}. */
    static Upload stream(Publisher<ByteBuffer> bytes, long length, String contentType) {
        return new StreamUpload(bytes, length, contentType);
    }

    /** The media type of the whole body. */
    String contentType();

    /**
     * The body of a call that is being planned. For the client.
     *
     * @param key a member to be added to a JSON object, and its value; null for none
     * @throws ApiException INVALID_REQUEST if it cannot be encoded, or a key cannot be added
     */
    RequestBody encode(JsonCodec codec, @Nullable Key key, @Nullable Consumer<Progress> listener);

    /** An idempotency key that goes into the body. */
    record Key(String member, String text) {
        static void refuse(@Nullable Key key, String what) {
            if (key != null) {
                throw ApiException.invalidRequest("body: " + what + " (expected: an object to send as JSON, because the"
                        + " idempotency key goes into its member \"" + key.member() + "\")");
            }
        }
    }
}
