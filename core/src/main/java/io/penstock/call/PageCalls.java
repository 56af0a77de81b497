package io.penstock.call;

import io.penstock.annotation.Internal;
import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import io.penstock.paging.PageSource;
import io.penstock.pipeline.CallListener;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * A source of pages that fetches them with a client.
 *
 * @hidden
 */
@Internal
public final class PageCalls implements PageSource {

    private static final int NOT_MODIFIED = 304;

    private final ClientRuntime client;

    public PageCalls(ClientRuntime client) {
        this.client = client;
    }

    @Override
    public <T> Mono<ApiResponse<Page<T>>> fetch(ApiRequest<Page<T>> request, String list) {
        return client.partOf(list, request).handle((page, sink) -> {
            if (page.status() == NOT_MODIFIED) {
                sink.error(unchanged(page.journey()));
            } else {
                sink.next(page);
            }
        });
    }

    @Override
    public <T> CoreSubscriber<? super T> reported(ApiRequest<?> first, CoreSubscriber<? super T> actual) {
        return client.reported(CallListener.Kind.LIST, first, actual, page -> false);
    }

    @Override
    public URI addressOf(ApiRequest<?> request) {
        return request.resolve(client.planning().baseUri());
    }

    @Override
    public List<String> credentialParameters() {
        return client.planning().credentialParameters();
    }

    private ApiException unchanged(Journey journey) {
        return client.exceptions()
                .apply(Failure.of(
                                ErrorKind.UNEXPECTED_STATUS,
                                Certainty.REJECTED,
                                Retryability.PERMANENT,
                                "304: the page is unchanged, as the condition of the request has it")
                        .withStatus(NOT_MODIFIED))
                .conclude(journey, null, true);
    }

    @Override
    public Throwable failed(Throwable error, @Nullable String resumeToken) {
        return error instanceof ApiException failure ? failure.resumableWith(resumeToken) : error;
    }

    @Override
    public Throwable contradicted(ApiException what, Journey journey, @Nullable String resumeToken) {
        ApiException vendors = client.exceptions().apply(what.failure());
        return vendors.conclude(journey, null, true).resumableWith(resumeToken);
    }
}
