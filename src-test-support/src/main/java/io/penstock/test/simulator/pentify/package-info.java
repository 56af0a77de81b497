/**
 * The Pentify API as its documentation describes it. What the documentation leaves open or contradicts is a switch of
 * {@link io.penstock.test.simulator.pentify.PentifyRules}, or is named as undocumented where it stands.
 */
@NullMarked
package io.penstock.test.simulator.pentify;

import org.jspecify.annotations.NullMarked;
