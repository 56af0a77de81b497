package io.penstock.polling;

import io.penstock.request.ApiResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one poll has seen.
 *
 * @param answer the answer, with the journey of its call; its value is not null
 * @param status what it says of the operation
 * @param number which poll it was, from 1; polls that failed count
 * @param elapsed since the polling was subscribed to
 * @param nextIn how long until the next poll at the earliest; null where none follows
 * @param <T> what the answer decodes to
 */
public record Observation<T>(
        ApiResponse<T> answer,
        PollStatus status,
        int number,
        Duration elapsed,
        @Nullable Duration nextIn) {}
