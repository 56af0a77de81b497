/**
 * The Picus API as its documentation and its published contract describe it. Points that they leave open or contradict
 * are switches of {@link io.penstock.test.simulator.picus.PicusRules} or are marked as undocumented in place.
 */
@NullMarked
package io.penstock.test.simulator.picus;

import org.jspecify.annotations.NullMarked;
