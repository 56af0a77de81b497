/** The Picus API, typed where its documentation is sufficient. */
@NullMarked
package io.penstock.picus;

import org.jspecify.annotations.NullMarked;
