/** Options for connections. */
@NullMarked
package io.penstock.transport;

import org.jspecify.annotations.NullMarked;
