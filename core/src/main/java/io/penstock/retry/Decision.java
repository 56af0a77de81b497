package io.penstock.retry;

/** What follows a failed attempt. */
sealed interface Decision {

    /** Returns the rule behind the decision, for the journey. */
    String rule();

    /**
     * Wait, then send the request again.
     *
     * @param unpaid whether the retry must then queue for retry budget
     */
    record Resend(long waitNanos, String rule, boolean unpaid) implements Decision {
        Resend(long waitNanos, String rule) {
            this(waitNanos, rule, false);
        }
    }

    /**
     * Pass the failure on to the caller.
     *
     * @param retryInNanos the time from now after which a retry makes sense; -1 if unknown
     */
    record GiveUp(String rule, long retryInNanos) implements Decision {}
}
