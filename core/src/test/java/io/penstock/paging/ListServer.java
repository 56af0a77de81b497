package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.error.ApiException;
import io.penstock.error.Certainty;
import io.penstock.error.ErrorKind;
import io.penstock.error.Failure;
import io.penstock.error.Journey;
import io.penstock.error.Retryability;
import io.penstock.http.Headers;
import io.penstock.request.ApiRequest;
import io.penstock.request.ApiResponse;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Numbers in pages, by a cursor that is the first number of the page: a source that answers at once unless told otherwise. */
final class ListServer implements PageSource {

    static final Paging CURSOR = Paging.cursor("cursor").counting("/total");
    static final ApiRequest<Page<Integer>> LIST =
            ApiRequest.get("numbers").as(Payload.page(Integer.class, List.of("items"), List.of("next")));

    /** For strategies that take no notice of it. */
    static final Paging.Head HEAD = new Paging.Head(URI.create("http://list/numbers"), Headers.none());

    final List<String> asked = new ArrayList<>();
    final List<@Nullable String> tokens = new ArrayList<>();
    private final int items;
    private final int size;
    private UnaryOperator<Mono<ApiResponse<Page<Integer>>>> way = answer -> answer;

    ListServer(int items, int size) {
        this.items = items;
        this.size = size;
    }

    Pages<Integer> pages() {
        return Pages.of(this, LIST, CURSOR);
    }

    /** What happens to answers from now on. */
    ListServer answering(UnaryOperator<Mono<ApiResponse<Page<Integer>>>> newWay) {
        way = newWay;
        return this;
    }

    static ApiException failure() {
        return new ApiException(Failure.of(
                ErrorKind.UNAVAILABLE, Certainty.REJECTED, Retryability.TRANSIENT, "503 UNAVAILABLE without a body"));
    }

    @Override
    @SuppressWarnings("unchecked") // all lists here are of numbers
    public <T> Mono<ApiResponse<Page<T>>> fetch(ApiRequest<Page<T>> request, String list) {
        synchronized (asked) {
            asked.add(list);
        }
        Mono<ApiResponse<Page<Integer>>> answer =
                way.apply(Mono.fromSupplier(() -> new ApiResponse<>(200, Headers.of(), page(request), Journey.none())));
        return (Mono<ApiResponse<Page<T>>>) (Mono<?>) answer;
    }

    private Page<Integer> page(ApiRequest<?> request) {
        String cursor = request.queryValue("cursor");
        int from = cursor == null ? 0 : Integer.parseInt(cursor);
        int to = Math.min(items, from + size);
        Map<String, JsonNode> more = Map.of("total", JsonNodeFactory.instance.numberNode(items));
        return new Page<>(IntStream.range(from, to).boxed().toList(), to < items ? Integer.toString(to) : null, more);
    }

    @Override
    public URI addressOf(ApiRequest<?> request) {
        return HEAD.uri();
    }

    @Override
    public Throwable failed(Throwable error, @Nullable String resumeToken) {
        tokens.add(resumeToken);
        return error;
    }

    @Override
    public Throwable contradicted(ApiException what, Journey journey, @Nullable String resumeToken) {
        tokens.add(resumeToken);
        return what;
    }
}
