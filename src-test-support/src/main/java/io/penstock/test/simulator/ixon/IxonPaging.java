package io.penstock.test.simulator.ixon;

/**
 * How a list is delivered.
 *
 * @param pageSize rows per page if {@code page-size} is not sent; "about 20" by observation of public clients
 * @param largestPage what a larger {@code page-size} is cut to; the maximum is undocumented, clients ask for 4000
 * @param honoured whether {@code page-size} and {@code page-after} have an effect: clients use them, the contract has
 *     neither. Without, a list comes whole
 * @param end how the last page says so
 * @param cursors what {@code moreAfter} leads to
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

    /** Pages of 20, up to 4000 if asked for, that end with {@code null}. */
    public static IxonPaging documented() {
        return new IxonPaging(20, 4_000, true, ListEnd.NULL, CursorMode.ADVANCING, false);
    }

    /** The same with another {@link #pageSize()}. */
    public IxonPaging withPageSize(int pageSize) {
        return new IxonPaging(pageSize, largestPage, honoured, end, cursors, singleRowAsObject);
    }

    /** The same with another {@link #largestPage()}. */
    public IxonPaging withLargestPage(int largestPage) {
        return new IxonPaging(pageSize, largestPage, honoured, end, cursors, singleRowAsObject);
    }

    /** The same with another {@link #honoured()}. */
    public IxonPaging withHonoured(boolean honoured) {
        return new IxonPaging(pageSize, largestPage, honoured, end, cursors, singleRowAsObject);
    }

    /** The same with another {@link #end()}. */
    public IxonPaging withEnd(ListEnd end) {
        return new IxonPaging(pageSize, largestPage, honoured, end, cursors, singleRowAsObject);
    }

    /** The same with another {@link #cursors()}. */
    public IxonPaging withCursors(CursorMode cursors) {
        return new IxonPaging(pageSize, largestPage, honoured, end, cursors, singleRowAsObject);
    }

    /** The same with another {@link #singleRowAsObject()}. */
    public IxonPaging withSingleRowAsObject(boolean singleRowAsObject) {
        return new IxonPaging(pageSize, largestPage, honoured, end, cursors, singleRowAsObject);
    }
}
