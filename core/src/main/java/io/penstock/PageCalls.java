package io.penstock;

import io.penstock.paging.PageSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Fetches pages with a client. */
final class PageCalls implements PageSource {

    private final ApiClient client;

    PageCalls(ApiClient client) {
        this.client = client;
    }

    @Override
    public <T> Mono<ApiResponse<Page<T>>> fetch(ApiRequest<Page<T>> request, String list) {
        return client.partOf(list, request);
    }

    @Override
    public Throwable failed(Throwable error, @Nullable String resumeToken) {
        return error instanceof ApiException failure ? failure.resumableWith(resumeToken) : error;
    }

    @Override
    public Throwable contradicted(ApiException what, Journey journey, @Nullable String resumeToken) {
        ApiException vendors = client.spec().errors().exceptions().apply(what.failure());
        return vendors.conclude(journey, null, true).resumableWith(resumeToken);
    }
}
