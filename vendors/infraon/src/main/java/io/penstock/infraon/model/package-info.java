/** The Infraon API, typed where its guide and its public clients document enough. */
@NullMarked
package io.penstock.infraon.model;

import org.jspecify.annotations.NullMarked;
