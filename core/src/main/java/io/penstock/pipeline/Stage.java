package io.penstock.pipeline;

import io.penstock.annotation.Internal;

/**
 * The order of one call, from the caller to the wire. Every stage has its place whether or not something stands there;
 * {@code client.inspect().explain(request)} prints them.
 */
@Internal
public enum Stage {
    /** Ends the call at its deadline even if an operator of the user's does not. */
    DEADLINE("deadline"),
    /** The user's operators around the whole call. */
    PER_CALL("per call"),
    /** Follows the redirects that a request allows; each hop is retried for itself. */
    REDIRECT("redirect"),
    /** The retry loop; everything below runs once per attempt. */
    RETRY("classified retry"),
    /** Sends a slow request a second time, where a client is told to. */
    HEDGING("hedging"),
    /** Keeps a call waiting, or refuses it, where its circuit lets nothing through now; before it queues for anything else. */
    BREAKER("circuit breaker"),
    /** The admission gate: quota and concurrency, acquired together. Every physical send passes it. */
    ADMISSION("admission gate"),
    /** As late as possible: a credential fetched before a wait may be dead after it. */
    AUTHENTICATION("authentication"),
    /** The user's operators around each attempt. */
    PER_ATTEMPT("per attempt"),
    /**
     * Takes a circuit's permit when nothing is left to wait for: a permit is never held by a call that queues. Sends a call back to
     * its circuit's line where the circuit has changed its mind since.
     */
    BREAKER_PERMIT("circuit permit"),
    /** Starts after all waits. */
    ATTEMPT_TIMEOUT("attempt time-out"),
    /** Sends, with no retry, redirect or authentication of its own. */
    TRANSPORT("transport"),
    /** Reads the quota headers of every response, before its body. */
    HEADER_TRACKING("header rate-limit tracking"),
    /** Classifies and decodes inside the attempt: a body cut off half-way is a failed attempt. */
    DECODING("envelope decoding");

    private final String label;

    Stage(String label) {
        this.label = label;
    }

    /** The stage's name for people. */
    public String label() {
        return label;
    }
}
