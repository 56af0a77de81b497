/** Alternatives to the pipeline, each around a stub that responds at once. */
@NullMarked
package io.penstock.benchmarks.overhead;

import org.jspecify.annotations.NullMarked;
