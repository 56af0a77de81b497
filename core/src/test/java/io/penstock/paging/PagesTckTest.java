package io.penstock.paging;

import io.penstock.PublisherTck;
import io.penstock.body.Page;
import io.penstock.request.ApiRequest;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Schedulers;

/** Reactive Streams' own tests of a publisher: pages that come on another thread, fetched ahead. */
public class PagesTckTest extends PublisherTck<Page<Integer>> {

    @Override
    public Publisher<Page<Integer>> createPublisher(long elements) {
        int count = Math.toIntExact(elements);
        return new ListServer(count, 1)
                .answering(answer -> answer.subscribeOn(Schedulers.parallel()))
                .pages()
                .prefetch(2);
    }

    @Override
    public Publisher<Page<Integer>> createFailedPublisher() {
        // It fails at once: the TCK wants an error that nobody has asked for.
        ApiRequest<Page<Integer>> unresolved =
                ApiRequest.get("numbers/{missing}").as(ListServer.LIST.payload());
        return Pages.of(new ListServer(3, 1), unresolved, ListServer.CURSOR);
    }
}
