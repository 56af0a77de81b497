package io.penstock.paging;

import io.penstock.body.FingerprintedList;
import io.penstock.body.Page;
import io.penstock.error.ApiException;
import io.penstock.error.Journey;
import io.penstock.request.ApiRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The position of one reader in a list: the next request, and whether the server's pages are consistent. It is passive
 * and belongs to one thread at a time.
 */
final class ListWalk<T> {

    private static final int MOST_EMPTY_PAGES = 100;
    private static final long UNKNOWN = -1;

    private final Paging paging;
    private final long list;
    private final CursorTrail trail;
    private @Nullable ApiRequest<Page<T>> request;
    private long position = UNKNOWN;
    private long pages;
    private long skip;
    private int empty;
    private long promised = UNKNOWN;
    private @Nullable Long totalBefore;
    private @Nullable ApiException contradiction;
    private List<String> credential = List.of();

    private ListWalk(ApiRequest<Page<T>> request, Paging paging, long list, CursorTrail trail) {
        this.request = request;
        this.paging = paging;
        this.list = list;
        this.trail = trail;
        String cursor = paging.cursorOf(request);
        if (cursor != null) {
            trail.begin(cursor);
        }
    }

    /** Returns a walk that starts with the requested page. */
    static <T> ListWalk<T> from(ApiRequest<Page<T>> first, Paging paging) {
        return new ListWalk<>(first, paging, Fingerprint.of(first, paging), new CursorTrail());
    }

    /** Returns a walk that starts at a token's position. */
    static <T> ListWalk<T> from(ApiRequest<Page<T>> first, Paging paging, ResumeToken token) {
        long list = Fingerprint.of(first, paging);
        if (token.list() != list) {
            throw ResumeToken.ofAnotherList(first);
        }
        ApiRequest<Page<T>> request = paging.at(first, token.values());
        ListWalk<T> walk = new ListWalk<>(request, paging, list, new CursorTrail(token.anchor(), token.steps()));
        walk.position = token.progress().position();
        walk.pages = token.progress().pages();
        walk.skip = token.progress().skip();
        return walk;
    }

    /** Removes these query parameters, which hold the credential, from links to the next page. */
    ListWalk<T> withoutCredential(List<String> parameters) {
        credential = parameters;
        return this;
    }

    /** Returns the request for the next page; null at the end of the list. */
    @Nullable
    ApiRequest<Page<T>> request() {
        return request;
    }

    /** Returns the name of the next page, for the journey of its call. */
    String name() {
        return request + ", page " + (pages + 1);
    }

    /** Returns the token that resumes at the next page; null at the end. */
    @Nullable
    String token() {
        ApiRequest<Page<T>> next = request;
        if (next == null) {
            return null;
        }
        return new ResumeToken(
                        list,
                        new ResumeToken.Progress(position, pages, skip),
                        trail.anchor(),
                        trail.steps(),
                        paging.placeOf(next))
                .text();
    }

    /**
     * Returns the contradiction in the last page, or null. The walk then stays at that page, with the items that were
     * emitted marked as taken.
     */
    @Nullable
    ApiException contradiction() {
        return contradiction;
    }

    /**
     * Accepts the requested page and moves to the next.
     *
     * @param answer the decoded page; null for a response without a body, which counts as a page without items
     * @param head the response that it came in
     * @return the page at its position, or null if all its items were emitted before the walk was resumed, if one of
     *     them is null, or if it repeats a page: the walk then stays before the page
     */
    @Nullable
    Page<T> turn(@Nullable Page<T> answer, Paging.Head head, Journey journey) {
        ApiRequest<Page<T>> sent = request;
        if (sent == null) {
            throw new IllegalStateException("the list has ended");
        }
        Page<T> bare = answer == null ? new Page<>(List.of(), null) : answer;
        Page<T> whole = bare.at(position == UNKNOWN ? paging.startOf(sent, bare) : position, paging.totalOf(bare));
        long fingerprint = FingerprintedList.fingerprintOf(bare.items());
        contradiction = nullAmong(whole);
        if (contradiction == null && repeats(sent, whole, fingerprint)) {
            trail.meets(fingerprint); // so that a walk that is resumed here knows it too
            contradiction =
                    PageMetadata.contradiction("page " + (pages + 1) + " has the items of a page that was read before,"
                            + " as if the server went round in a circle or did not heed " + paging.parameters());
        }
        if (contradiction != null) {
            return null;
        }
        totalBefore = whole.total();
        int items = whole.items().size();
        int taken = (int) Math.min(skip, items);
        boolean takenBefore = skip > 0 && taken == items;
        try {
            ApiRequest<Page<T>> next = checked(sent, whole, head);
            if (fingerprint != 0 && counts(sent) && (next == null || counts(next))) {
                trail.meets(fingerprint);
            }
            request = next;
            position = whole.position() + items;
            pages++;
            skip = 0;
        } catch (ApiException e) {
            contradiction = e;
            position = whole.position();
            skip = items;
        }
        return takenBefore ? null : whole.emitted(taken, journey, token());
    }

    /** Returns whether pages are reached by counting. */
    private boolean counts(ApiRequest<?> asked) {
        return paging.cursorOf(asked) == null;
    }

    /**
     * Returns whether a counted page was seen before. A repetition is legitimate if the walk was resumed inside the
     * page, or if at least as many items were inserted as the page has.
     */
    private boolean repeats(ApiRequest<?> sent, Page<?> page, long fingerprint) {
        if (fingerprint == 0 || skip > 0 || !counts(sent) || !trail.knows(fingerprint)) {
            return false;
        }
        Long before = totalBefore;
        Long now = page.total();
        return before == null || now == null || now - before < page.items().size();
    }

    /** Returns the error for a null item: a subscriber must not be given null, and no item may be dropped silently. */
    private static @Nullable ApiException nullAmong(Page<?> page) {
        long at = page.position();
        for (Object item : page.items()) {
            at++;
            if (item == null) {
                return PageMetadata.undecodable("item " + at + " of the list is null", "a value");
            }
        }
        return null;
    }

    private @Nullable ApiRequest<Page<T>> checked(ApiRequest<Page<T>> sent, Page<T> page, Paging.Head head) {
        long promise = paging.promiseOf(sent, page);
        if (pages > 0 && promise >= 0 && promise < page.position()) {
            throw promise == promised
                    ? PageMetadata.contradiction("the list goes on behind its end: it has " + promise + " items, and "
                            + page.position() + " were read")
                    : PageMetadata.contradiction("the list has shrunk to " + promise + " items while " + page.position()
                            + " were read, so that others may have moved to where it was read already");
        }
        promised = promise;
        ApiRequest<Page<T>> following = paging.next(sent, page, head);
        if (following == null) {
            return null;
        }
        ApiRequest<Page<T>> next = following.withoutContinued(credential);
        empty = page.items().isEmpty() ? empty + 1 : 0;
        if (empty >= MOST_EMPTY_PAGES) {
            throw PageMetadata.contradiction(empty + " pages in a row are empty and promise more");
        }
        String cursor = paging.cursorOf(next);
        if (cursor != null && trail.meets(cursor)) {
            throw PageMetadata.contradiction("the page names a cursor that was there before");
        }
        return next;
    }
}
