/** Retries: what may be sent again, when, and within which budget. */
@NullMarked
package io.penstock.retry;

import org.jspecify.annotations.NullMarked;
