package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.http.Headers;
import io.penstock.http.Location;
import io.penstock.request.ApiRequest;
import io.penstock.request.Plan;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The strategy of {@link Paging#linkHeader()}, {@link Paging#nextUrlInHeader} and {@link Paging#nextUrl}: a page holds the
 * address of the next one.
 *
 * @param place where a page holds the link
 * @param queryAlone whether only the query of a link is used
 * @param totalPointer the pointer to the total number of items, beside the items; or null
 */
record LinkPaging(Place place, boolean queryAlone, @Nullable String totalPointer) implements Paging.ByLink {

    /**
     * The place of the link: in a header, or in the body.
     *
     * @param header the name of a header
     * @param relation the relation type in a header as in RFC 8288; null if the header holds the bare address
     * @param pointer the pointer to the address beside the items; null if a header holds it
     */
    record Place(
            @Nullable String header,
            @Nullable String relation,
            @Nullable String pointer) {

        /** Checks the names; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
        public Place {
            PageMetadata.checkPointer("nextUrl", pointer);
            if (header != null) {
                Headers.checkSendable(header, "");
            }
            if ((header == null) == (pointer == null)) {
                throw ApiException.invalidConfiguration(
                        "paging: link in header " + header + " and at " + pointer + " (expected: one of the two)");
            }
        }

        @Override
        public String toString() {
            return header == null ? String.valueOf(pointer) : "header " + header;
        }
    }

    /** Checks the pointer; throws an {@link ApiException} of kind INVALID_CONFIGURATION. */
    public LinkPaging {
        PageMetadata.checkPointer("totalPointer", totalPointer);
    }

    static LinkPaging inLinkHeader() {
        return new LinkPaging(new Place("link", "next", null), false, null);
    }

    static LinkPaging inHeader(String header) {
        return new LinkPaging(new Place(header, null, null), false, null);
    }

    static LinkPaging inBody(String pointer) {
        return new LinkPaging(new Place(null, null, pointer), false, null);
    }

    @Override
    public LinkPaging byQueryAlone() {
        return new LinkPaging(place, true, totalPointer);
    }

    @Override
    public LinkPaging counting(String pointer) {
        return new LinkPaging(place, queryAlone, pointer);
    }

    @Override
    public <T> @Nullable ApiRequest<Page<T>> next(ApiRequest<Page<T>> request, Page<T> page, Head head) {
        PageMetadata.verifyNotEmpty(page, totalPointer);
        String link = link(page, head.headers());
        if (link == null) {
            return null;
        }
        Location location =
                Location.of(head.uri(), List.of(queryAlone ? queryOf(link) : withSchemeOf(head.uri(), link)));
        URI to = location.target();
        if (to == null) {
            throw PageMetadata.undecodable(
                    "the link to the next page, in " + place + ", cannot be followed: " + location.reason(),
                    "an address of the API");
        }
        if (!Plan.sameOrigin(head.uri(), to)) {
            throw PageMetadata.undecodable(
                    "the link to the next page, in " + place + ", leads to " + Plan.origin(to),
                    Plan.origin(head.uri())
                            + ", where the credential belongs; byQueryAlone() if only the query counts");
        }
        String query = to.getRawQuery();
        String at = (to.getRawPath().isEmpty() ? "/" : to.getRawPath()) + (query == null ? "" : "?" + query);
        if (at.equals(request.continued())) {
            throw PageMetadata.contradiction("the link to the next page is the one that was just followed");
        }
        return request.continuedAt(at);
    }

    private @Nullable String link(Page<?> page, Headers headers) {
        List<String> links = place.header() == null ? inBody(page) : inHeader(headers, place.header());
        if (links.isEmpty()) {
            return null;
        }
        String only = LinkHeader.only(links);
        if (only == null) {
            throw PageMetadata.contradiction("there are several links to the next page, which differ, in " + place);
        }
        return only.isBlank() ? null : only;
    }

    private List<String> inBody(Page<?> page) {
        JsonNode link = PageMetadata.member(page, String.valueOf(place.pointer()));
        if (link.isMissingNode() || link.isNull()) {
            return List.of();
        }
        if (!link.isString()) {
            throw PageMetadata.undecodable("what stands at " + place.pointer() + " is no link", "a text or null");
        }
        return List.of(link.asString());
    }

    private List<String> inHeader(Headers headers, String header) {
        List<String> values = headers.all(header);
        if (place.relation() == null) {
            return values;
        }
        try {
            return LinkHeader.targets(values, place.relation());
        } catch (LinkHeader.Malformed e) {
            throw PageMetadata.undecodable("the header " + header + " has " + e.getMessage(), "links as in RFC 8288");
        }
    }

    private static String queryOf(String link) {
        int question = link.indexOf('?');
        return question < 0 ? "?" : link.substring(question);
    }

    /** Returns a link with the page's {@code https} if it names the same host with {@code http}. */
    private static String withSchemeOf(URI page, String link) {
        String host = "//" + page.getHost();
        String rest = link.regionMatches(true, 0, "http:", 0, 5) ? link.substring(5) : "";
        if (!page.getScheme().equalsIgnoreCase("https") || !rest.regionMatches(true, 0, host, 0, host.length())) {
            return link;
        }
        String behind = rest.substring(host.length());
        String withoutPort = behind.startsWith(":80") && (behind.length() == 3 || !Character.isDigit(behind.charAt(3)))
                ? behind.substring(3)
                : behind;
        boolean hostEnds = withoutPort.isEmpty() || "/?#".indexOf(withoutPort.charAt(0)) >= 0;
        String port = page.getPort() < 0 ? "" : ":" + page.getPort();
        return hostEnds ? "https:" + host + port + withoutPort : link;
    }

    /** Returns no parameter: the address of a page selects it as a whole. */
    @Override
    public List<String> parameters() {
        return List.of();
    }

    @Override
    public List<@Nullable String> placeOf(ApiRequest<?> request) {
        List<@Nullable String> place = new ArrayList<>(1);
        place.add(request.continued());
        return place;
    }

    @Override
    public <T> ApiRequest<Page<T>> at(ApiRequest<Page<T>> first, List<@Nullable String> place) {
        if (place.size() != 1) {
            throw ResumeToken.ofAnotherList(first);
        }
        String at = place.get(0);
        return at == null ? first : first.continuedAt(at);
    }

    @Override
    public @Nullable Long totalOf(Page<?> page) {
        return PageMetadata.total(page, totalPointer);
    }

    @Override
    public @Nullable String cursorOf(ApiRequest<?> request) {
        return request.continued();
    }
}
