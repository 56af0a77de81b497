/** What waits, and how much of it one process holds: {@link io.penstock.benchmarks.scale.Scale}. */
@NullMarked
package io.penstock.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
