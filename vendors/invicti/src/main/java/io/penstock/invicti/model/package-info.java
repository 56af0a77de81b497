/**
 * The values that Invicti sends and accepts. Members that its documentation does not explain remain accessible as
 * trees.
 */
@NullMarked
package io.penstock.invicti.model;

import org.jspecify.annotations.NullMarked;
