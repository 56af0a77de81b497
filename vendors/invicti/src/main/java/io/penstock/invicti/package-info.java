/** The API of the Invicti Platform, typed where its documentation is sufficient. */
@NullMarked
package io.penstock.invicti;

import org.jspecify.annotations.NullMarked;
