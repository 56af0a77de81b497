/**
 * Simulators of vendors' APIs: in-process HTTP servers on loopback that log every request, count every effect and play
 * scripted faults. This package has the sockets, the faults, the request log and the ledger of effects. The rules of
 * each vendor are in a package of their own.
 */
@NullMarked
package io.penstock.test.simulator;

import org.jspecify.annotations.NullMarked;
