package io.penstock.ratelimit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The server's last report on one quota.
 *
 * @param partition the name of the quota
 * @param limit the number of requests that a window allows; -1 if unknown
 * @param remaining the number of requests that were left when the server answered; -1 if unknown
 * @param resetsAt the end of the window, or null if unknown
 * @param blockedUntil the time until which the server asked to send nothing, or null if it did not
 */
public record Quota(
        String partition,
        long limit,
        long remaining,
        @Nullable Instant resetsAt,
        @Nullable Instant blockedUntil) {}
