/** The values that IXON sends and accepts. Members that its contract does not name remain accessible as trees. */
@NullMarked
package io.penstock.ixon.model;

import org.jspecify.annotations.NullMarked;
