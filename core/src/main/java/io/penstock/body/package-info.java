/** Request and response bodies: JSON, pages, events, content codings. */
@NullMarked
package io.penstock.body;

import org.jspecify.annotations.NullMarked;
