/** Quotas that servers publish and report, and the admission gate that keeps to them. */
@NullMarked
package io.penstock.ratelimit;

import org.jspecify.annotations.NullMarked;
