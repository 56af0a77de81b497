/** The API of the Invicti Platform, typed where its documentation is sufficient. */
@NullMarked
package io.penstock.invicti.model;

import org.jspecify.annotations.NullMarked;
