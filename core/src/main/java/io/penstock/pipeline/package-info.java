/** One call and the operators it passes through, from the caller to the wire. */
@NullMarked
package io.penstock.pipeline;

import org.jspecify.annotations.NullMarked;
