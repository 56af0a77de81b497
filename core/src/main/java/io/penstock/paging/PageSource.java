package io.penstock.paging;

import io.penstock.annotation.Internal;
import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.error.Journey;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Where pages come from: a client. */
@Internal
public interface PageSource {

    /**
     * One call for one page.
     *
     * @param list what it is a part of, for its journey
     */
    <T> Mono<ApiResponse<Page<T>>> fetch(ApiRequest<Page<T>> request, String list);

    /**
     * The error of a call, with what goes on behind it.
     *
     * @param resumeToken for the page that failed
     */
    Throwable failed(Throwable error, @Nullable String resumeToken);

    /**
     * The error for a page that contradicts itself.
     *
     * @param journey of the call that fetched it
     * @param resumeToken what asks for the page again and goes on behind its items
     */
    Throwable contradicted(ApiException what, Journey journey, @Nullable String resumeToken);
}
