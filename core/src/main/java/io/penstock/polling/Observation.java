package io.penstock.polling;

import io.penstock.request.ApiResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The result of one poll.
 *
 * @param answer the response, with the journey of its call; its value is not null
 * @param status the status of the operation
 * @param number the number of the poll, from 1; failed polls count
 * @param elapsed the time since subscription
 * @param nextIn the minimum time until the next poll; null if there is none
 * @param <T> the type that the response decodes to
 */
public record Observation<T>(
        ApiResponse<T> answer,
        PollStatus status,
        int number,
        Duration elapsed,
        @Nullable Duration nextIn) {}
