/** Observations of calls and attempts, and meters of clients, for Micrometer. */
@NullMarked
package io.penstock.micrometer;

import org.jspecify.annotations.NullMarked;
