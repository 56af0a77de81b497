package io.penstock.ixon;

import io.penstock.ApiClient;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.ixon.model.BlobLink;
import io.penstock.request.ApiRequest;
import io.penstock.spec.VendorSpec;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import reactor.core.publisher.Mono;

/**
 * A fetcher of objects from third-party stores, which must not see anything that belongs to IXON. Each store has its
 * own client, without a credential or headers.
 */
final class BlobStores {

    private final ConcurrentMap<String, ApiClient> clients = new ConcurrentHashMap<>();
    private final URI base;
    private volatile boolean closed;

    BlobStores(URI base) {
        this.base = base;
    }

    Mono<byte[]> fetch(BlobLink link) {
        URI url = link.url();
        boolean downgrade = "https".equalsIgnoreCase(base.getScheme()) && !"https".equalsIgnoreCase(url.getScheme());
        if (downgrade || url.getHost() == null || url.getRawUserInfo() != null) {
            throw ApiException.invalidRequest(
                    "blob: " + link + " (expected: an address with a host and without a user, and https after https)");
        }
        return client(url.getScheme() + "://" + url.getRawAuthority()).value(request(url));
    }

    private ApiClient client(String origin) {
        ApiClient client = clients.computeIfAbsent(
                origin,
                at -> ApiClient.builder(VendorSpec.generic("ixon-blob", URI.create(at)))
                        .attemptTimeout(IxonVendor.SPEC.attemptTimeout())
                        .deadline(IxonVendor.DEADLINE)
                        .build());
        if (closed) {
            client.close(); // it may have been created after all others were closed
        }
        return client;
    }

    private static ApiRequest<byte[]> request(URI url) {
        ApiRequest<byte[]> request = ApiRequest.get(url.getRawPath()).as(Payload.bytes());
        String query = url.getRawQuery();
        if (query != null) {
            for (String parameter : query.split("&", -1)) {
                int equals = parameter.indexOf('=');
                request = equals < 0
                        ? request.query(decoded(parameter), "")
                        : request.query(
                                decoded(parameter.substring(0, equals)), decoded(parameter.substring(equals + 1)));
            }
        }
        return request;
    }

    /** Decodes a query component by RFC 3986, in which a plus sign stands for itself. */
    private static String decoded(String raw) {
        return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    void close() {
        closed = true;
        clients.values().forEach(ApiClient::close);
    }
}
