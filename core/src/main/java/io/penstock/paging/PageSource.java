package io.penstock.paging;

import io.penstock.annotation.Internal;
import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.error.Journey;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * A source of pages, implemented by a client.
 *
 * @hidden
 */
@Internal
public interface PageSource {

    /**
     * Returns a call for one page.
     *
     * @param list the name of the list and page, for the call's journey
     */
    <T> Mono<ApiResponse<Page<T>>> fetch(ApiRequest<Page<T>> request, String list);

    /**
     * Returns a subscriber that is reported as a list, in place of the given one.
     *
     * @param first the request for the first page
     */
    default <T> CoreSubscriber<? super T> reported(ApiRequest<?> first, CoreSubscriber<? super T> actual) {
        return actual;
    }

    /** Returns the address that a request is sent to. */
    URI addressOf(ApiRequest<?> request);

    /** Returns the query parameters that hold the credential; a link to the next page is followed without them. */
    default List<String> credentialParameters() {
        return List.of();
    }

    /**
     * Returns the error of a call, with the token for resuming after it.
     *
     * @param resumeToken the token for the page that failed
     */
    Throwable failed(Throwable error, @Nullable String resumeToken);

    /**
     * Returns the error for a page that contradicts itself.
     *
     * @param journey the journey of the call that fetched the page
     * @param resumeToken the token that requests the page again and continues after its emitted items
     */
    Throwable contradicted(ApiException what, Journey journey, @Nullable String resumeToken);
}
