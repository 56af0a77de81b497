/** Clients side by side over real sockets: throughput, latency, and what a call costs its client in CPU time and memory. */
@NullMarked
package io.penstock.benchmarks.loopback;

import org.jspecify.annotations.NullMarked;
