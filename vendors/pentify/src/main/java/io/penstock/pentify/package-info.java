/** The Pentify API, typed where its documentation says enough. */
@NullMarked
package io.penstock.pentify;

import org.jspecify.annotations.NullMarked;
