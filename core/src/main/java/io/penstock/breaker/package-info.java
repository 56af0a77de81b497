/** Circuit breakers: a server that is down is left alone, and is found out soon when it is back. */
@NullMarked
package io.penstock.breaker;

import org.jspecify.annotations.NullMarked;
