/** Methods, headers, request targets and secrets of HTTP requests. */
@NullMarked
package io.penstock.http;

import org.jspecify.annotations.NullMarked;
