package io.penstock.ixon.model;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.net.URI;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Where an object's content is: a signed address of another company's store (contract, object storage). Whoever has it
 * needs nothing else, so that it is printed without its query.
 *
 * @param url the address
 * @param type {@code azure-blob-storage}; newer words pass
 * @param more every other member, as the server sent it
 */
public record BlobLink(URI url, String type, @JsonAnySetter Map<String, JsonNode> more) {

    /** Copies what can change. */
    public BlobLink {
        more = Map.copyOf(more);
    }

    @Override
    public String toString() {
        return "BlobLink[" + url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath() + ", " + type + "]";
    }
}
