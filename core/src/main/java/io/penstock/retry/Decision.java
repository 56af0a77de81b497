package io.penstock.retry;

/** A decision about what follows a failed attempt. */
sealed interface Decision {

    /** Returns the rule behind the decision, for the journey. */
    String rule();

    /**
     * A decision to wait and then send the request again.
     *
     * @param unpaid whether the retry must then queue for retry budget
     */
    record Resend(long waitNanos, String rule, boolean unpaid) implements Decision {
        Resend(long waitNanos, String rule) {
            this(waitNanos, rule, false);
        }
    }

    /**
     * A decision to pass the failure on to the caller.
     *
     * @param retryInNanos the time from now after which a retry makes sense; -1 if unknown
     */
    record GiveUp(String rule, long retryInNanos) implements Decision {}
}
