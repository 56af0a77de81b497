/** A comparison of clients over real sockets: throughput, latency, and the client's CPU time and memory per call. */
@NullMarked
package io.penstock.benchmarks.loopback;

import org.jspecify.annotations.NullMarked;
