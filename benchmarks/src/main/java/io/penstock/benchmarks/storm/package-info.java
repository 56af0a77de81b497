/** What clients do to a server that is down, and how soon they are well again once it is back. */
@NullMarked
package io.penstock.benchmarks.storm;

import org.jspecify.annotations.NullMarked;
