package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.net.URI;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The address of an object's content: a signed address in a third-party store (contract, object storage). It grants
 * access without any other credential, so it is printed without its query.
 *
 * @param url the address
 * @param type {@code azure-blob-storage}; newer words are kept
 * @param more every other member, as the server sent it
 */
public record BlobLink(URI url, String type, @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies the mutable components. */
    public BlobLink {
        more = Map.copyOf(more);
    }

    @Override
    public String toString() {
        return "BlobLink[" + url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath() + ", " + type + "]";
    }
}
