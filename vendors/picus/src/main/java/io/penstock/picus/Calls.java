package io.penstock.picus;

import io.penstock.ApiClient;
import io.penstock.body.Page;
import io.penstock.body.Payload;
import io.penstock.paging.Pages;
import io.penstock.paging.Paging;
import io.penstock.request.ApiRequest;
import java.util.List;
import reactor.core.publisher.Mono;

/** The forms of call that the areas of {@link Picus} have in common. */
record Calls(ApiClient client) {

    static <T> Payload<Page<T>> list(Class<T> item, String member) {
        return Payload.page(item, List.of(member), List.of());
    }

    <T> Mono<T> value(ApiRequest<T> request) {
        return client.value(request);
    }

    /** Returns a list that has one page. */
    <T> Pages<T> whole(ApiRequest<?> request, Class<T> item, String member) {
        return client.pages(request.as(list(item, member)), Paging.single());
    }

    /** Returns a list with the usual parameters. */
    <T> Pages<T> pages(ApiRequest<?> request, ListQuery query, Class<T> item, String member) {
        return pages(request, query, item, member, PicusVendor.PAGES);
    }

    <T> Pages<T> pages(ApiRequest<?> request, ListQuery query, Class<T> item, String member, Paging paging) {
        return client.pages(query.of(request.as(list(item, member))), paging);
    }
}
