/** Log entries about calls and about the wire, without secrets. */
@NullMarked
package io.penstock.logging;

import org.jspecify.annotations.NullMarked;
