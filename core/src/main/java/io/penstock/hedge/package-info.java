/** Hedged requests: a second, parallel send of a slow idempotent request. */
@NullMarked
package io.penstock.hedge;

import org.jspecify.annotations.NullMarked;
