/** How the next page of a list is asked for, as data. */
@NullMarked
package io.penstock.paging;

import org.jspecify.annotations.NullMarked;
