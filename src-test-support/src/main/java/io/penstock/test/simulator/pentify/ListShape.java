package io.penstock.test.simulator.pentify;

/** What a list looks like on the wire. The documentation does not say, so a client must take them all. */
public enum ListShape {
    /** {@code [ … ]}; has no room for a cursor. */
    BARE_ARRAY,
    /** {@code {"data":[ … ]}}. */
    DATA,
    /** {@code {"items":[ … ]}}. */
    ITEMS,
    /** {@code {"scans":[ … ]}}: the resource's plural name. */
    PLURAL
}
