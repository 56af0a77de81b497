/** What users have in place of the pipeline, each around a stub that answers at once. */
@NullMarked
package io.penstock.benchmarks.overhead;

import org.jspecify.annotations.NullMarked;
