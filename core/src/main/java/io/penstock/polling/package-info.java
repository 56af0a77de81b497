/** Waiting for what takes longer than a call: how often to look, and what says that it has ended; as data. */
@NullMarked
package io.penstock.polling;

import org.jspecify.annotations.NullMarked;
