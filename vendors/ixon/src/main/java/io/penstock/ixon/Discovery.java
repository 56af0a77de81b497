package io.penstock.ixon;

import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Retryability;
import io.penstock.ixon.model.Link;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/**
 * The addresses of resources, as listed by the server (page "ixon-api-prerequisites"). Only addresses at the client's
 * own host are accepted, because the client sends a token to them.
 *
 * @param base the client's own address
 * @param links all links that the server listed, unchecked
 */
public record Discovery(URI base, List<Link> links) {

    /** Copies the list. */
    public Discovery {
        links = List.copyOf(links);
    }

    /**
     * Returns the path of a resource from the root of the origin, with its placeholders, as
     * {@link io.penstock.request.ApiRequest} accepts it.
     *
     * @throws ApiException INVALID_REQUEST if there is no such resource or it is at another host
     */
    public String path(String rel) {
        return address(rel).getRawPath().replace("%7B", "{").replace("%7D", "}");
    }

    /**
     * Returns the address of a resource, such as {@code AgentDataRealTimeWebSocket}, with its placeholders
     * percent-encoded.
     *
     * @throws ApiException INVALID_REQUEST if there is no such resource or it is at another host
     */
    public URI address(String rel) {
        String href = links.stream()
                .filter(link -> rel.equals(link.rel()) && link.href() != null)
                .map(link -> String.valueOf(link.href()))
                .findFirst()
                .orElseThrow(() -> ApiException.invalidRequest(
                        "rel: " + rel + " (expected: one of the " + links.size() + " that the server lists)"));
        try {
            URI address = new URI(href.replace("{", "%7B").replace("}", "%7D"));
            if (isOwn(address)) {
                return address;
            }
            throw ApiException.invalidRequest("rel: " + rel + " is at " + address.getScheme() + "://"
                    + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort()) + " (expected: at "
                    + base.getScheme() + "://" + base.getRawAuthority() + ", where the token belongs)");
        } catch (URISyntaxException e) {
            throw new ApiException(Failure.of(
                    ErrorKind.UNDECODABLE,
                    Certainty.PROCESSED,
                    Retryability.PERMANENT,
                    "rel: " + rel + ": its href is no URI (expected: an absolute one)"));
        }
    }

    /**
     * Returns whether host, port and security match. The documentation writes the address with and without
     * {@code :443}.
     */
    private boolean isOwn(URI address) {
        return address.getHost() != null
                && address.getRawUserInfo() == null
                && address.getHost().equalsIgnoreCase(base.getHost())
                && isSafe(address) == isSafe(base)
                && port(address) == port(base);
    }

    private static boolean isSafe(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        return scheme.equals("https") || scheme.equals("wss");
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : isSafe(uri) ? 443 : 80;
    }
}
