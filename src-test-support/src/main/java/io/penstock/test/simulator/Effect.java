package io.penstock.test.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing the server has done that cannot be taken back by not reading the answer.
 *
 * @param operation method and path template, such as {@code POST /v1/scans}
 * @param id the resource that was created, changed or deleted
 * @param idempotencyKey the key the request carried; {@code null} if it carried none
 * @param at when it happened, by the system's clock
 */
public record Effect(String operation, String id, @Nullable String idempotencyKey, Instant at) {}
