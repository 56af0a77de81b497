/** The values that Infraon sends and accepts. Members that its guide does not name remain accessible as trees. */
@NullMarked
package io.penstock.infraon.model;

import org.jspecify.annotations.NullMarked;
