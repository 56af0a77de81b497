/** Deadlines of calls, and timeouts of their attempts. */
@NullMarked
package io.penstock.timeout;

import org.jspecify.annotations.NullMarked;
