/** What Picus sends and takes. Members that are not named here stay reachable as trees. */
@NullMarked
package io.penstock.picus.model;

import org.jspecify.annotations.NullMarked;
