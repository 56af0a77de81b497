package io.penstock.test.simulator.invicti;

/**
 * The shape of a list and its paging parameters. The default page size is documented for {@link #CURSOR} only; 50 comes
 * from the sample, and 100 is the assumption of clients of the lineage.
 */
public enum ListShape {
    /** {@code {items,totalCount,page,pageSize}}; parameters {@code page} (from 1), {@code pageSize}: undocumented. */
    NUMBERED(50),
    /** {@code {items,pageInfo{…}}}; {@code pageNumber} (from 1), {@code pageSize}, {@code query}, {@code sortBy}. */
    PAGE_INFO(50),
    /**
     * {@code {<plural>,totalCount,nextPage,previousPage}}; parameters {@code limit}, {@code cursor}, {@code search},
     * {@code sort}.
     */
    CURSOR(20),
    /** {@code {<plural>}} with all items. */
    UNPAGED(Integer.MAX_VALUE),
    /**
     * {@code {<plural>,pagination{count,cursor_hash,cursors,sort}}}; {@code c} (cursor), {@code l} (size), {@code q}
     * (filter): inferred from the lineage. {@code cursors} contains the cursor of the request, {@code null} for the
     * first page, and the next one.
     */
    CURSOR_ARRAY(100);

    private final int defaultSize;

    ListShape(int defaultSize) {
        this.defaultSize = defaultSize;
    }

    int defaultSize() {
        return defaultSize;
    }
}
