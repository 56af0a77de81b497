package io.penstock.paging;

import io.penstock.annotation.Internal;
import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.request.ApiRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * A list, page by page. Each subscription reads it from the beginning. The first page is fetched at the first demand,
 * and every further page on demand:
 *
 * <pre>
 *  request       1                          2
 *  fetched       |-page 1-|                 |-page 2-||-page 3-|
 *  emitted                1                          2         3
 *  prefetch(1)   |-page 1-||-page 2-|       |-page 3-||-page 4-|
 *  emitted                1                 2         3
 * </pre>
 *
 * <p>Each page is a complete call of its client, with its own deadline, attempts and admission permit, and with a
 * journey that names the list and the page; a {@code Deadline} in the context applies to all of them together. Pages
 * are emitted in order, on the connection's event loop, or on the requesting thread if they were prefetched. The list
 * completes with the last page, without further demand. Cancelling stops at once, cancels the call in flight and drops
 * prefetched pages.
 *
 * <p>If a call fails, the list fails with its {@link ApiException} after all earlier pages. A server that contradicts
 * itself, as described in {@link Paging}, leads to {@code UNDECODABLE} after the page in question. Either way
 * {@link ApiException#resumeToken()} continues without a gap or a repetition:
 *
 * <pre>{@code
 * pages.doOnNext(page -> store(page.items(), page.resumeToken()))   // and after a crash
 * pages.resumeFrom(stored).doOnNext(…)
 * }</pre>
 *
 * <p>{@code toStream()} and {@code toIterable()} throw an error before they return the pages they hold: put
 * {@code materialize()} before them.
 *
 * @param <T> the type of the items
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
     * Returns the list that begins with a request; applications use {@code client.pages(first, paging)} instead.
     *
     * @throws ApiException INVALID_REQUEST if the request has an idempotency key, under which a server would replay the
     *     first page for every page
     * @hidden
     */
    @Internal
    public static <T> Pages<T> of(PageSource source, ApiRequest<Page<T>> first, Paging paging) {
        if (first.key() != null) {
            throw ApiException.invalidRequest("list " + first
                    + ": has an idempotency key (expected: none, because each page is a request of its own)");
        }
        return new Pages<>(source, first, paging, 0, null);
    }

    /**
     * Returns a copy that fetches up to this many pages ahead of the demand, one after the other, after the first
     * demand; 0 by default. A prefetched page that is never requested is a wasted call.
     */
    public Pages<T> prefetch(int pages) {
        if (pages < 0) {
            throw ApiException.invalidRequest("prefetch: " + pages + " (expected: >= 0)");
        }
        return new Pages<>(source, first, paging, pages, token);
    }

    /**
     * Returns a copy that starts at a token's position, with the token's paging parameters. The token may come from
     * another process. The list may have changed meanwhile: the table in {@link Paging} shows which items can then be
     * skipped or repeated.
     *
     * @param resumeToken the token from {@link Page#resumeToken()} or {@link ApiException#resumeToken()}
     * @throws ApiException INVALID_REQUEST if the token is damaged, of a later version, or of a list with another
     *     method, path, query or body
     */
    public Pages<T> resumeFrom(String resumeToken) {
        ResumeToken read = ResumeToken.read(resumeToken);
        ListWalk.from(first, paging, read);
        return new Pages<>(source, first, paging, ahead, read);
    }

    /**
     * Returns the items of all pages. No page is fetched while items of the previous one remain; otherwise it behaves
     * like the pages.
     */
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
        CoreSubscriber<? super Page<T>> told = source.<Page<T>>reported(first, actual);
        told.onSubscribe(new PageWalk<>(told, source, walk.withoutCredential(source.credentialParameters()), ahead));
    }

    @Override
    public String toString() {
        return "Pages[" + first + (token == null ? "" : ", resumed") + "]";
    }
}
