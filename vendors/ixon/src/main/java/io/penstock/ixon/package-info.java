/** The IXON APIv2, typed where its contract is sufficient. */
@NullMarked
package io.penstock.ixon;

import org.jspecify.annotations.NullMarked;
