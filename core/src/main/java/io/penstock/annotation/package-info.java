/** Annotations for API that is public only for the library itself. */
@NullMarked
package io.penstock.annotation;

import org.jspecify.annotations.NullMarked;
