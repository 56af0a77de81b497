/** The Picus API, typed where its documentation is sufficient. */
@NullMarked
package io.penstock.picus.model;

import org.jspecify.annotations.NullMarked;
