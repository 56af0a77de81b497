package io.penstock.upload;

import io.penstock.body.JsonCodec;
import io.penstock.http.Headers;
import io.penstock.http.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A file, sent as it is. */
record FileUpload(Path file, String contentType) implements Upload {

    FileUpload {
        Objects.requireNonNull(file, "file");
        Headers.checkSendable("content-type", contentType);
    }

    @Override
    public RequestBody encode(JsonCodec codec, @Nullable Key key, @Nullable Consumer<Progress> listener) {
        Key.refuse(key, "a file");
        return new FileBody(List.of(new Piece.Raw(file)), listener);
    }
}
