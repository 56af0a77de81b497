/**
 * Building blocks that the vendors' simulators share. They are public only for that reason: tests and applications do
 * not use them, and any release may change them.
 */
@NullMarked
package io.penstock.test.simulator.parts;

import org.jspecify.annotations.NullMarked;
