/** The Pentify API, typed where its documentation is sufficient. */
@NullMarked
package io.penstock.pentify.model;

import org.jspecify.annotations.NullMarked;
