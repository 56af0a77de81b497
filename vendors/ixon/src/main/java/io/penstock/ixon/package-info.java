/** The IXON APIv2, typed where its contract says enough. */
@NullMarked
package io.penstock.ixon;

import org.jspecify.annotations.NullMarked;
