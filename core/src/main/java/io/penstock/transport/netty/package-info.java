/** The transport on Reactor Netty. */
@NullMarked
package io.penstock.transport.netty;

import org.jspecify.annotations.NullMarked;
