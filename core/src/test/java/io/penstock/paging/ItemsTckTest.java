package io.penstock.paging;

import io.penstock.ApiRequest;
import io.penstock.Page;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;

/** Reactive Streams' own tests of a publisher: items of pages that are there at once. */
public class ItemsTckTest extends PublisherVerification<Integer> {

    public ItemsTckTest() {
        super(new TestEnvironment(200, 50));
    }

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        return new ListServer((int) Math.min(elements, 1_000_000), 3).pages().items();
    }

    @Override
    public Publisher<Integer> createFailedPublisher() {
        // It fails at once: the TCK wants an error that nobody has asked for.
        ApiRequest<Page<Integer>> unresolved =
                ApiRequest.get("numbers/{missing}").as(ListServer.LIST.payload());
        return Pages.of(new ListServer(3, 1), unresolved, ListServer.CURSOR).items();
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1_000_000;
    }
}
