/** Hedged requests: send a slow idempotent request a second time. */
@NullMarked
package io.penstock.hedge;

import org.jspecify.annotations.NullMarked;
