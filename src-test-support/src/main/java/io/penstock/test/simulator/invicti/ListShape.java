package io.penstock.test.simulator.invicti;

/**
 * What a list looks like and which parameters walk through it. The size of a page that nobody asked for is documented
 * for {@link #CURSOR} only; 50 is the sample's, 100 what clients of the lineage assume.
 */
public enum ListShape {
    /** {@code {items,totalCount,page,pageSize}}; parameters {@code page} (from 1), {@code pageSize}: undocumented. */
    NUMBERED(50),
    /** {@code {items,pageInfo{…}}}; {@code pageNumber} (from 1), {@code pageSize}, {@code query}, {@code sortBy}. */
    PAGE_INFO(50),
    /** {@code {<plural>,totalCount,nextPage,previousPage}}; {@code limit}, {@code cursor}, {@code search}, {@code sort}. */
    CURSOR(20),
    /** {@code {<plural>}} with everything in it. */
    UNPAGED(Integer.MAX_VALUE),
    /**
     * {@code {<plural>,pagination{count,cursor_hash,cursors,sort}}}; {@code c} (cursor), {@code l} (size), {@code q}
     * (filter): inferred from the lineage. {@code cursors} has the cursor that was sent, {@code null} for the first
     * page, and the next one.
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
