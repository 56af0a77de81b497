/** Files: fetched part by part to a path or a channel, resumed after a break, moved into place when whole. */
@NullMarked
package io.penstock.download;

import org.jspecify.annotations.NullMarked;
