/** What a call may allocate, and the run that holds it to that. */
@NullMarked
package io.penstock.benchmarks.budget;

import org.jspecify.annotations.NullMarked;
