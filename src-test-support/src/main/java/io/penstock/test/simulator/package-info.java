/**
 * Simulators of vendors' APIs: in-process HTTP servers on loopback that log every request, count every effect and go
 * wrong on command. The vendor's rules stand in a package of their own; the sockets, the faults and the books are here.
 */
@NullMarked
package io.penstock.test.simulator;

import org.jspecify.annotations.NullMarked;
