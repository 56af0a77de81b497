package io.penstock.test.simulator.pentify;

/** The shape of a list on the wire. It is undocumented, so a client must accept all of them. */
public enum ListShape {
    /** {@code [ … ]}. It has no room for a cursor. */
    BARE_ARRAY,
    /** {@code {"data":[ … ]}}. */
    DATA,
    /** {@code {"items":[ … ]}}. */
    ITEMS,
    /** {@code {"scans":[ … ]}}: the resource's plural name. */
    PLURAL
}
