/** What the server says about its quota, parsed and remembered. */
@NullMarked
package io.penstock.ratelimit;

import org.jspecify.annotations.NullMarked;
