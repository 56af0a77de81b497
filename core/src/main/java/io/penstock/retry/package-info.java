/** What may be sent again, when, and why not. */
@NullMarked
package io.penstock.retry;

import org.jspecify.annotations.NullMarked;
