/**
 * The Infraon API as its guide, its manual and the public clients of it describe it. The guide lacks many answers and
 * contradicts what the clients see; each contradiction is a switch of
 * {@link io.penstock.test.simulator.infraon.InfraonRules} or a {@link io.penstock.test.simulator.infraon.Quirk}, and what
 * nobody describes is named as undocumented where it stands.
 */
@NullMarked
package io.penstock.test.simulator.infraon;

import org.jspecify.annotations.NullMarked;
