/** What IXON sends and takes. Members that its contract does not name stay reachable as trees. */
@NullMarked
package io.penstock.ixon.model;

import org.jspecify.annotations.NullMarked;
