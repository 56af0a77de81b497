package io.penstock.cli;

import io.penstock.request.ApiRequest;
import io.penstock.upload.Upload;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.reactivestreams.Publisher;
import tools.jackson.databind.JsonNode;

/** The example of docs/uploads.md, compiled: {@code GuideBlocksTest} compares the two. */
final class UploadsExample {

    private UploadsExample() {}

    static List<ApiRequest<JsonNode>> requests(Path path, Object note, Publisher<ByteBuffer> lines) {
        // guide: uploads
        ApiRequest<JsonNode> image = ApiRequest.put("images/7").body(Upload.file(path, "image/png"));
        ApiRequest<JsonNode> form = ApiRequest.post("files")
                .body(Upload.form().text("type", "local").file("file", path));
        ApiRequest<JsonNode> json =
                ApiRequest.post("notes").body(Upload.json(note).base64("/attachment/data", path));
        ApiRequest<JsonNode> stream = ApiRequest.post("logs").body(Upload.stream(lines, "text/plain"));
        // guide: end
        return List.of(image, form, json, stream);
    }
}
