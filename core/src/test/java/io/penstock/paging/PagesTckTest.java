package io.penstock.paging;

import io.penstock.PublisherTck;
import io.penstock.body.Page;
import io.penstock.request.ApiRequest;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Schedulers;

/** The Reactive Streams TCK for prefetched pages that arrive on another thread. */
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
        // Fails at once: the TCK expects the error without demand.
        ApiRequest<Page<Integer>> unresolved =
                ApiRequest.get("numbers/{missing}").as(ListServer.LIST.payload());
        return Pages.of(new ListServer(3, 1), unresolved, ListServer.CURSOR);
    }
}
