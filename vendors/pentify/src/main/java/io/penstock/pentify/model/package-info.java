/**
 * The values that Pentify sends and accepts. Members that its documentation does not name remain accessible as trees.
 */
@NullMarked
package io.penstock.pentify.model;

import org.jspecify.annotations.NullMarked;
