/** What Invicti sends and takes. Members that its documentation does not explain stay reachable as trees. */
@NullMarked
package io.penstock.invicti.model;

import org.jspecify.annotations.NullMarked;
