/** The size limits of one process: {@link io.penstock.benchmarks.scale.Scale}. */
@NullMarked
package io.penstock.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
