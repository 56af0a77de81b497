package io.penstock.paging;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * The items of pages. The next page is requested when an item is requested and none is left. Reactor's own operators
 * would request the first page at once, and another one together with the last item of a page.
 */
final class PageItems<T> extends Flux<T> {

    private final Pages<T> pages;

    PageItems(Pages<T> pages) {
        this.pages = pages;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        pages.subscribe(new ItemWalk<>(actual));
    }
}
