package io.penstock.test.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change that a request has made on the server. It remains even if the client never reads the response.
 *
 * @param operation the method and path template, such as {@code POST /v1/scans}
 * @param id the id of the resource that was created, changed or deleted
 * @param idempotencyKey the idempotency key of the request; {@code null} if it had none
 * @param at the time of the effect, by the system clock
 */
public record Effect(String operation, String id, @Nullable String idempotencyKey, Instant at) {}
