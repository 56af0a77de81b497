/** The API of the Invicti Platform, typed where its documentation says enough. */
@NullMarked
package io.penstock.invicti;

import org.jspecify.annotations.NullMarked;
