/** A comparison of clients by their use of a quota and their refusals, against servers that count in different ways. */
@NullMarked
package io.penstock.benchmarks.quota;

import org.jspecify.annotations.NullMarked;
