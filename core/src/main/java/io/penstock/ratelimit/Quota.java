package io.penstock.ratelimit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one quota: the server's last word about it.
 *
 * @param partition which quota
 * @param limit how many requests a window allows; -1 if unknown
 * @param remaining how many were left when the server answered; -1 if unknown
 * @param resetsAt when the window ends, or null if unknown
 * @param blockedUntil until when the server asked to send nothing, or null if it did not
 */
public record Quota(
        String partition,
        long limit,
        long remaining,
        @Nullable Instant resetsAt,
        @Nullable Instant blockedUntil) {}
