/** The Picus API, typed where its documentation says enough. */
@NullMarked
package io.penstock.picus;

import org.jspecify.annotations.NullMarked;
