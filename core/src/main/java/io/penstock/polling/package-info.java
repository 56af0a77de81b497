/** Polling of long operations: intervals, states and failures. */
@NullMarked
package io.penstock.polling;

import org.jspecify.annotations.NullMarked;
