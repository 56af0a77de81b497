package io.penstock.paging;

import io.penstock.PublisherTck;
import io.penstock.body.Page;
import io.penstock.request.ApiRequest;
import org.reactivestreams.Publisher;

/** The Reactive Streams TCK for the items of pages that are available at once. */
public class ItemsTckTest extends PublisherTck<Integer> {

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        return new ListServer(Math.toIntExact(elements), 3).pages().items();
    }

    @Override
    public Publisher<Integer> createFailedPublisher() {
        // Fails at once: the TCK expects the error without demand.
        ApiRequest<Page<Integer>> unresolved =
                ApiRequest.get("numbers/{missing}").as(ListServer.LIST.payload());
        return Pages.of(new ListServer(3, 1), unresolved, ListServer.CURSOR).items();
    }
}
