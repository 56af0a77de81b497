/** The client: where a user starts. */
@NullMarked
package io.penstock;

import org.jspecify.annotations.NullMarked;
