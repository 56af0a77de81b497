/** The wire: an SPI, with Reactor Netty behind it. */
@NullMarked
package io.penstock.transport;

import org.jspecify.annotations.NullMarked;
