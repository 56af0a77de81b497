/**
 * The API of the Invicti Platform as its documentation describes it. What the documentation leaves open or contradicts
 * is a switch of {@link io.penstock.test.simulator.invicti.InvictiRules}, or is named as undocumented where it stands.
 * What is only known from the API's lineage, the older Acunetix API with the same resource names, is named as inferred.
 */
@NullMarked
package io.penstock.test.simulator.invicti;

import org.jspecify.annotations.NullMarked;
