/** A service that orders and lists scans. */
@NullMarked
package io.penstock.sample;

import org.jspecify.annotations.NullMarked;
