/** Retries: the conditions, waits and budgets for sending a request again. */
@NullMarked
package io.penstock.retry;

import org.jspecify.annotations.NullMarked;
