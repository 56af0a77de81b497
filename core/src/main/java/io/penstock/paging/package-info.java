/** Lists that come in pages: how to ask for the next one. */
@NullMarked
package io.penstock.paging;

import org.jspecify.annotations.NullMarked;
