package io.penstock.pipeline;

import io.penstock.annotation.Internal;

/**
 * The stages of a call, in order from the caller to the wire. Every stage has its place even if it is empty;
 * {@code client.inspect().explain(request)} prints them.
 *
 * @hidden
 */
@Internal
public enum Stage {
    /** Ends the call at its deadline even if a user's operator does not. */
    DEADLINE("deadline"),
    /** The user's operators around the whole call. */
    PER_CALL("per call"),
    /** Follows the redirects that a request allows. Each hop is retried on its own. */
    REDIRECT("redirect"),
    /** The retry loop; everything below runs once per attempt. */
    RETRY("classified retry"),
    /** Sends a slow request a second time if the client is configured to. */
    HEDGING("hedging"),
    /**
     * Holds back or refuses a call while its circuit lets nothing through, before the call queues for anything else.
     */
    BREAKER("circuit breaker"),
    /** The admission gate, which acquires quota and concurrency together. Every physical send passes it. */
    ADMISSION("admission gate"),
    /** Authenticates as late as possible: a credential fetched before a wait may have expired after it. */
    AUTHENTICATION("authentication"),
    /** The user's operators around each attempt. */
    PER_ATTEMPT("per attempt"),
    /**
     * Takes a circuit's permit when nothing is left to wait for, so that a queued call never holds a permit. Sends a
     * call back to its circuit's line if the circuit has changed its rules since.
     */
    BREAKER_PERMIT("circuit permit"),
    /** Reports each attempt to the listeners: everything below, with its timeout. */
    LISTENERS("listeners"),
    /** Starts the timeout of the attempt, after all waits. */
    ATTEMPT_TIMEOUT("attempt timeout"),
    /** Sends, without retries, redirects or authentication of its own. */
    TRANSPORT("transport"),
    /** Reads the quota headers of every response, before its body. */
    HEADER_TRACKING("header rate-limit tracking"),
    /** Classifies and decodes inside the attempt: a truncated body is a failed attempt. */
    DECODING("envelope decoding");

    private final String label;

    Stage(String label) {
        this.label = label;
    }

    /** Returns the display name of the stage. */
    public String label() {
        return label;
    }
}
