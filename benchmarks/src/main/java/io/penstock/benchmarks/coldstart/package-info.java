/** From the start of a JVM to its first answer: {@link io.penstock.benchmarks.coldstart.ColdStart}. */
@NullMarked
package io.penstock.benchmarks.coldstart;

import org.jspecify.annotations.NullMarked;
