/** Redaction of secrets in text that is shown or logged. */
@NullMarked
package io.penstock.redaction;

import org.jspecify.annotations.NullMarked;
