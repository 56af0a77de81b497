/** What Pentify sends and takes. Members that its documentation does not name stay reachable as trees. */
@NullMarked
package io.penstock.pentify.model;

import org.jspecify.annotations.NullMarked;
