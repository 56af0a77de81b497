/** A server of answers that are larger than memory: files with ranges and breaks, events that drop, long arrays. */
@NullMarked
package io.penstock.test.simulator.streams;

import org.jspecify.annotations.NullMarked;
