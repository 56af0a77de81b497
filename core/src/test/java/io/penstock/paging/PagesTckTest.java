package io.penstock.paging;

import io.penstock.ApiRequest;
import io.penstock.Page;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.scheduler.Schedulers;

/** Reactive Streams' own tests of a publisher: pages that come on another thread, fetched ahead. */
public class PagesTckTest extends PublisherVerification<Page<Integer>> {

    public PagesTckTest() {
        super(new TestEnvironment(200, 50));
    }

    @Override
    public Publisher<Page<Integer>> createPublisher(long elements) {
        int count = (int) Math.min(elements, 1_000_000);
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

    @Override
    public long maxElementsFromPublisher() {
        return 1_000_000;
    }
}
