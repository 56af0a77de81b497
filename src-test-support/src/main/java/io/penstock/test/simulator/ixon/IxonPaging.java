package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.parts.Expected;
import io.penstock.test.simulator.parts.RecordCopy;

/**
 * Options for lists.
 *
 * @param pageSize rows per page if {@code page-size} is absent; "about 20" by observation of public clients
 * @param largestPage maximum page size, to which a larger {@code page-size} is reduced; undocumented, clients request
 *     4000
 * @param honoured whether {@code page-size} and {@code page-after} have an effect: clients use them, the contract has
 *     neither. If false, a list is complete
 * @param end the mark of the last page
 * @param cursors the target of {@code moreAfter}
 * @param singleRowAsObject whether the {@code data} of a list with exactly one row is that row, which the contract
 *     allows, instead of an array of one
 */
public record IxonPaging(
        int pageSize, int largestPage, boolean honoured, ListEnd end, CursorMode cursors, boolean singleRowAsObject) {

    /** Checks the values. */
    public IxonPaging {
        Expected.that(pageSize >= 1, "pageSize", pageSize, ">= 1");
        Expected.that(largestPage >= pageSize, "largestPage", largestPage, ">= pageSize " + pageSize);
    }

    /** Returns the documented options: pages of 20, up to 4000 on request, that end with {@code null}. */
    public static IxonPaging documented() {
        return new IxonPaging(20, 4_000, true, ListEnd.NULL, CursorMode.ADVANCING, false);
    }

    /** Returns a copy with another {@link #pageSize()}. */
    public IxonPaging withPageSize(int pageSize) {
        return RecordCopy.with(this, "pageSize", pageSize);
    }

    /** Returns a copy with another {@link #largestPage()}. */
    public IxonPaging withLargestPage(int largestPage) {
        return RecordCopy.with(this, "largestPage", largestPage);
    }

    /** Returns a copy with another {@link #honoured()}. */
    public IxonPaging withHonoured(boolean honoured) {
        return RecordCopy.with(this, "honoured", honoured);
    }

    /** Returns a copy with another {@link #end()}. */
    public IxonPaging withEnd(ListEnd end) {
        return RecordCopy.with(this, "end", end);
    }

    /** Returns a copy with another {@link #cursors()}. */
    public IxonPaging withCursors(CursorMode cursors) {
        return RecordCopy.with(this, "cursors", cursors);
    }

    /** Returns a copy with another {@link #singleRowAsObject()}. */
    public IxonPaging withSingleRowAsObject(boolean singleRowAsObject) {
        return RecordCopy.with(this, "singleRowAsObject", singleRowAsObject);
    }
}
