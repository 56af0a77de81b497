/**
 * The Pentify API as its documentation describes it. Points that the documentation leaves open or contradicts are
 * switches of {@link io.penstock.test.simulator.pentify.PentifyRules} or are marked as undocumented in place.
 */
@NullMarked
package io.penstock.test.simulator.pentify;

import org.jspecify.annotations.NullMarked;
