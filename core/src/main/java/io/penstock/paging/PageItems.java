package io.penstock.paging;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * The items of pages, of which the next is asked for when an item is wanted and none is left. Reactor's own operators ask for
 * the first page at once, and for another one with the last item of a page.
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
