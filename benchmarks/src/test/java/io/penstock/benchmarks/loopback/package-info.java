/** Tests of the comparison over sockets, without its processes. */
package io.penstock.benchmarks.loopback;
