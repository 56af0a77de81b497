/** The Infraon API, typed where its guide and its public clients are sufficient. */
@NullMarked
package io.penstock.infraon;

import org.jspecify.annotations.NullMarked;
