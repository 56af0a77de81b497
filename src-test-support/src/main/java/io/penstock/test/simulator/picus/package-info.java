/**
 * The Picus API as its documentation and its published contract describe it. What they leave open or contradict is a
 * switch of {@link io.penstock.test.simulator.picus.PicusRules}, or is named as undocumented where it stands.
 */
@NullMarked
package io.penstock.test.simulator.picus;

import org.jspecify.annotations.NullMarked;
