/**
 * The vendor module of Tidewater, an invented API for water levels: lists linked by header, quotas by the name in a header,
 * limits told by 403, entity tags, 202 for reports that are not ready, a request id in a header of its own.
 */
@NullMarked
package io.penstock.example.tidewater;

import org.jspecify.annotations.NullMarked;
