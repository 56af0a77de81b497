/** JMH benchmarks. {@code docs/benchmarks.md} has the command that runs them. */
@NullMarked
package io.penstock.benchmarks;

import org.jspecify.annotations.NullMarked;
