package io.penstock.ixon;

import io.penstock.ApiClient;
import io.penstock.body.Payload;
import io.penstock.request.ApiRequest;
import io.penstock.upload.Upload;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The operations of a company that upload a file (contract): pictures of any {@code image/*} type, and zip files. Each
 * emits the value of {@code data}, whose members are not documented. A file is read while it is sent. It is sent again
 * only if IXON certainly did not act, and must not change until then.
 */
public final class IxonUploads {

    private static final String ZIP = "application/zip";
    private static final Payload<JsonNode> DATA = Payload.json(JsonNode.class).inside("data");

    private final ApiClient client;
    private final UnaryOperator<ApiRequest<JsonNode>> inCompany;

    IxonUploads(ApiClient client, UnaryOperator<ApiRequest<JsonNode>> inCompany) {
        this.client = client;
        this.inCompany = inCompany;
    }

    /** Uploads a public picture. */
    public Mono<JsonNode> publicFile(Path image, String mediaType) {
        return send(ApiRequest.post("public-files/upload"), image, mediaType);
    }

    /** Uploads the picture that a router shows while it is idle. */
    public Mono<JsonNode> screensaver(Path image, String mediaType) {
        return send(ApiRequest.post("router-display-screensaver/upload"), image, mediaType);
    }

    /** Uploads a picture for an edge app on an agent. */
    public Mono<JsonNode> edgeAppFile(String agentId, String instanceId, Path image, String mediaType) {
        return send(
                ApiRequest.post("agents/{agentId}/edge-app-instances/{instanceId}/files/upload")
                        .path("agentId", agentId)
                        .path("instanceId", instanceId),
                image,
                mediaType);
    }

    /** Uploads a version of an edge app. */
    public Mono<JsonNode> edgeAppVersion(String publicId, Path zip) {
        return version("edge-apps", publicId, zip);
    }

    /** Uploads a version of a template for back-end components. */
    public Mono<JsonNode> backendComponentVersion(String publicId, Path zip) {
        return version("backend-component-templates", publicId, zip);
    }

    /** Uploads a version of a template for page components. */
    public Mono<JsonNode> pageComponentVersion(String publicId, Path zip) {
        return version("page-component-templates", publicId, zip);
    }

    private Mono<JsonNode> version(String what, String publicId, Path zip) {
        return send(ApiRequest.post(what + "/{publicId}/version-upload").path("publicId", publicId), zip, ZIP);
    }

    private Mono<JsonNode> send(ApiRequest<?> request, Path file, String mediaType) {
        return client.value(
                inCompany.apply(request.body(Upload.file(file, mediaType)).as(DATA)));
    }
}
