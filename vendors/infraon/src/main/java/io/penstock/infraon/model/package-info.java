/** What Infraon sends and takes. Members that its guide does not name stay reachable as trees. */
@NullMarked
package io.penstock.infraon.model;

import org.jspecify.annotations.NullMarked;
