/** A comparison of clients by their load on a server that is down and by their recovery once it is back. */
@NullMarked
package io.penstock.benchmarks.storm;

import org.jspecify.annotations.NullMarked;
