/** Circuit breakers: they protect a server that fails, and probe for its recovery. */
@NullMarked
package io.penstock.circuit;

import org.jspecify.annotations.NullMarked;
