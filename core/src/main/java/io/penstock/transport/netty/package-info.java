/** The Reactor Netty transport. Not part of the public API. */
@NullMarked
package io.penstock.transport.netty;

import org.jspecify.annotations.NullMarked;
