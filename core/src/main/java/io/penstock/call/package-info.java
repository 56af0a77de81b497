/** Publishers that turn a request into a call, and a call into a result. */
@NullMarked
package io.penstock.call;

import org.jspecify.annotations.NullMarked;
