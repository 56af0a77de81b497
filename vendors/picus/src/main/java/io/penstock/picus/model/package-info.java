/** The values that Picus sends and accepts. Members that are not named here remain accessible as trees. */
@NullMarked
package io.penstock.picus.model;

import org.jspecify.annotations.NullMarked;
