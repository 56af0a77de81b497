/** Success and error envelopes: from bytes to values and typed failures. */
@NullMarked
package io.penstock.envelope;

import org.jspecify.annotations.NullMarked;
