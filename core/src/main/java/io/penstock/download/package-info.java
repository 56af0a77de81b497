/**
 * Downloads: fetched part by part to a path or a channel, resumed after an interruption, moved into place when
 * complete.
 */
@NullMarked
package io.penstock.download;

import org.jspecify.annotations.NullMarked;
