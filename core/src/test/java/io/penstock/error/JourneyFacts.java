package io.penstock.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Facts of a journey that no call has made. */
record JourneyFacts(
        @Nullable String method,
        String target,
        @Nullable String keyValue,
        long startedAtMillis,
        long elapsedNanos,
        List<Journey.Attempt> attempts,
        List<String> notes)
        implements Journey.Source {}
