/** Time from the start of a JVM to its first response: {@link io.penstock.benchmarks.coldstart.ColdStart}. */
@NullMarked
package io.penstock.benchmarks.coldstart;

import org.jspecify.annotations.NullMarked;
