/**
 * The Infraon API as its guide, its manual and its public clients describe it. The guide lacks many responses and
 * contradicts the observations of clients. Each contradiction is a switch of
 * {@link io.penstock.test.simulator.infraon.InfraonRules} or a {@link io.penstock.test.simulator.infraon.Quirk}. Points
 * without any description are marked as undocumented in place.
 */
@NullMarked
package io.penstock.test.simulator.infraon;

import org.jspecify.annotations.NullMarked;
