/** Typed failures, and the journey of a call that explains them. */
@NullMarked
package io.penstock.error;

import org.jspecify.annotations.NullMarked;
