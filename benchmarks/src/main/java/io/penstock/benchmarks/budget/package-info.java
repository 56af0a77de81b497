/** The allocation budget of a call, and the run that checks it. */
@NullMarked
package io.penstock.benchmarks.budget;

import org.jspecify.annotations.NullMarked;
