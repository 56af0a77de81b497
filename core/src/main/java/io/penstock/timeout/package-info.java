/** Deadlines of calls, and time-outs of their attempts. */
@NullMarked
package io.penstock.timeout;

import org.jspecify.annotations.NullMarked;
