/** How much of a budget clients use, and how often they are refused, against servers that count in different ways. */
@NullMarked
package io.penstock.benchmarks.budget;

import org.jspecify.annotations.NullMarked;
