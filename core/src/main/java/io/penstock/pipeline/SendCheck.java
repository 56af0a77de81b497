package io.penstock.pipeline;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * An operator that has a say in whether an attempt may still be sent. It is asked when all waits are over, whatever they were
 * for, and again by a transport that has waited for a connection.
 */
@Internal
public interface SendCheck {

    /**
     * Returns why an attempt must not be sent now, or null. It must not block.
     *
     * @return a failure whose certainty is {@code NOT_SENT}
     */
    @Nullable
    ApiException refusal(Attempt attempt);
}
