/** Requests, responses, and the plan that a request becomes. */
@NullMarked
package io.penstock.request;

import org.jspecify.annotations.NullMarked;
