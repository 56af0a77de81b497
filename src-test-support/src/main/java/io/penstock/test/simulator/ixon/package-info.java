/**
 * The IXON API (APIv2) as its documentation and its contract describe it. What they leave open or contradict is a switch
 * of {@link io.penstock.test.simulator.ixon.IxonRules} and its parts, or is named as undocumented where it stands.
 */
@NullMarked
package io.penstock.test.simulator.ixon;

import org.jspecify.annotations.NullMarked;
