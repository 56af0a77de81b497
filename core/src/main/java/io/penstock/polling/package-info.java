/** Long operations: how often to poll, and which states end them. */
@NullMarked
package io.penstock.polling;

import org.jspecify.annotations.NullMarked;
