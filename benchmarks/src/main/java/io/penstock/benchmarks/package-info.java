/** JMH benchmarks; run by the command in {@code docs/benchmarks.md}. */
@NullMarked
package io.penstock.benchmarks;

import org.jspecify.annotations.NullMarked;
