/**
 * A server for responses that are larger than memory: files with ranges and lost connections, event streams that drop,
 * and long arrays.
 */
@NullMarked
package io.penstock.test.simulator.streams;

import org.jspecify.annotations.NullMarked;
