package io.penstock.ixon;

import java.nio.file.Path;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The operations of a company that upload a file (contract): pictures of any {@code image/*} type, and zip files. Each
 * emits the value of {@code data}, whose members are not documented. A file is read while it is sent. It is sent again
 * only if IXON certainly did not act, and must not change until then.
 */
public final class IxonUploads {

    private static final String ZIP = "application/zip";

    private final Ixon ixon;

    IxonUploads(Ixon ixon) {
        this.ixon = ixon;
    }

    /** Uploads a public picture. */
    public Mono<JsonNode> publicFile(Path image, String mediaType) {
        return ixon.resource("public-files/upload").upload(image, mediaType);
    }

    /** Uploads the picture that a router shows while it is idle. */
    public Mono<JsonNode> screensaver(Path image, String mediaType) {
        return ixon.resource("router-display-screensaver/upload").upload(image, mediaType);
    }

    /** Uploads a picture for an edge app on an agent. */
    public Mono<JsonNode> edgeAppFile(String agentId, String instanceId, Path image, String mediaType) {
        return ixon.resource("agents/{agentId}/edge-app-instances/{instanceId}/files/upload", agentId, instanceId)
                .upload(image, mediaType);
    }

    /** Uploads a version of an edge app. */
    public Mono<JsonNode> edgeAppVersion(String publicId, Path zip) {
        return ixon.resource("edge-apps/{publicId}/version-upload", publicId).upload(zip, ZIP);
    }

    /** Uploads a version of a template for back-end components. */
    public Mono<JsonNode> backendComponentVersion(String publicId, Path zip) {
        return ixon.resource("backend-component-templates/{publicId}/version-upload", publicId)
                .upload(zip, ZIP);
    }

    /** Uploads a version of a template for page components. */
    public Mono<JsonNode> pageComponentVersion(String publicId, Path zip) {
        return ixon.resource("page-component-templates/{publicId}/version-upload", publicId)
                .upload(zip, ZIP);
    }
}
