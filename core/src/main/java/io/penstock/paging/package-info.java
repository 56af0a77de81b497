/** Paged lists: how to request the next page. */
@NullMarked
package io.penstock.paging;

import org.jspecify.annotations.NullMarked;
