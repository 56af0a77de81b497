/**
 * The API of the Invicti Platform as its documentation describes it. Points that the documentation leaves open or
 * contradicts are switches of {@link io.penstock.test.simulator.invicti.InvictiRules} or are marked as undocumented in
 * place. Facts known only from the API's lineage, the older Acunetix API with the same resource names, are marked as
 * inferred.
 */
@NullMarked
package io.penstock.test.simulator.invicti;

import org.jspecify.annotations.NullMarked;
