package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * An operator that may refuse an attempt just before it is sent. It is asked after all waits of any kind, and again by
 * a transport that has waited for a connection.
 *
 * @hidden
 */
@Internal
public interface SendCheck {

    /**
     * Returns the reason why an attempt must not be sent now, or null. It must not block.
     *
     * @return a failure whose certainty is {@code NOT_SENT}
     */
    @Nullable
    ApiException refusal(Attempt attempt);
}
