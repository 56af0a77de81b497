package io.penstock.paging;

import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.request.ApiRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * A list, page by page. Each subscription reads it from its beginning; nothing is fetched before the first page is asked for,
 * and each page only when it is:
 *
 * <pre>
 *  request       1                          2
 *  fetched       |-page 1-|                 |-page 2-||-page 3-|
 *  emitted                1                          2         3
 *  prefetch(1)   |-page 1-||-page 2-|       |-page 3-||-page 4-|
 *  emitted                1                 2         3
 * </pre>
 *
 * <p>Each page is a whole call of its client, with its own deadline, attempts and place at the gate, and with a journey that
 * names the list and the page; a {@code Deadline} in the context holds for all of them together. Pages come in their order, on the
 * connection's event loop, or on the thread that asks where they had been fetched ahead. The end comes with the last page,
 * without being asked for. Cancelling stops at once, gives up the call that is under way and drops what was fetched ahead.
 *
 * <p>It ends with the {@link ApiException} of the call that failed, behind all pages before it. A server that contradicts
 * itself, as {@link Paging} tells, is {@code UNDECODABLE}, behind the page that does. Either way
 * {@link ApiException#resumeToken()} goes on without a gap or a repetition:
 *
 * <pre>{@code
 * pages.doOnNext(page -> store(page.items(), page.resumeToken()))   // and after a crash
 * pages.resumeFrom(stored).doOnNext(…)
 * }</pre>
 *
 * <p>{@code toStream()} and {@code toIterable()} throw an error before they hand out the pages they hold: put {@code
 * materialize()} before them.
 *
 * @param <T> the items' type
 */
public final class Pages<T> extends Flux<Page<T>> {

    private final PageSource source;
    private final ApiRequest<Page<T>> first;
    private final Paging paging;
    private final int ahead;
    private final @Nullable ResumeToken token;

    private Pages(PageSource source, ApiRequest<Page<T>> first, Paging paging, int ahead, @Nullable ResumeToken token) {
        this.source = source;
        this.first = first;
        this.paging = paging;
        this.ahead = ahead;
        this.token = token;
    }

    /**
     * The list that begins with that request; {@code client.pages(first, paging)} is the way to make one.
     *
     * @throws ApiException INVALID_REQUEST if it has an idempotency key, under which a server would give each page for the first
     */
    public static <T> Pages<T> of(PageSource source, ApiRequest<Page<T>> first, Paging paging) {
        if (first.key() != null) {
            throw ApiException.invalidRequest("list " + first
                    + ": has an idempotency key (expected: none, because each page is a request of its own)");
        }
        return new Pages<>(source, first, paging, 0, null);
    }

    /**
     * The same list, of which up to that many pages are fetched ahead of the demand, one after the other, once there was any;
     * 0 unless given. A page that nobody takes was a call for nothing.
     */
    public Pages<T> prefetch(int pages) {
        if (pages < 0) {
            throw ApiException.invalidRequest("prefetch: " + pages + " (expected: >= 0)");
        }
        return new Pages<>(source, first, paging, pages, token);
    }

    /**
     * The same list, from where a token says. It can come from another process; the paging parameters are then those of the
     * token. How sure it is that nothing is left out is told by {@link Paging}'s table: time has passed.
     *
     * @param resumeToken from {@link Page#resumeToken()} or {@link ApiException#resumeToken()}
     * @throws ApiException INVALID_REQUEST if it is damaged, of a later version, or of a list with another method, path,
     *     query or body
     */
    public Pages<T> resumeFrom(String resumeToken) {
        ResumeToken read = ResumeToken.read(resumeToken);
        ListWalk.from(first, paging, read);
        return new Pages<>(source, first, paging, ahead, read);
    }

    /** The items of all pages. No page is fetched while there are items of the one before to take; else as the pages. */
    public Flux<T> items() {
        return new PageItems<>(this);
    }

    @Override
    public void subscribe(CoreSubscriber<? super Page<T>> actual) {
        ListWalk<T> walk;
        try {
            walk = token == null ? ListWalk.from(first, paging) : ListWalk.from(first, paging, token);
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            Operators.error(actual, e);
            return;
        }
        actual.onSubscribe(new PageWalk<>(actual, source, walk, ahead));
    }

    @Override
    public String toString() {
        return "Pages[" + first + (token == null ? "" : ", resumed") + "]";
    }
}
