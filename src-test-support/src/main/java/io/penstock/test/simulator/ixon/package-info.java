/**
 * The IXON API (APIv2) as its documentation and its contract describe it. Points that they leave open or contradict are
 * switches of {@link io.penstock.test.simulator.ixon.IxonRules} and its parts or are marked as undocumented in place.
 */
@NullMarked
package io.penstock.test.simulator.ixon;

import org.jspecify.annotations.NullMarked;
