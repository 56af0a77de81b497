/** The Pentify API, typed where its documentation is sufficient. */
@NullMarked
package io.penstock.pentify;

import org.jspecify.annotations.NullMarked;
