/** Keeps secrets out of text that is shown. */
@NullMarked
package io.penstock.redaction;

import org.jspecify.annotations.NullMarked;
