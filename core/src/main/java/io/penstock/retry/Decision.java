package io.penstock.retry;

/** What to do after a failed attempt. */
sealed interface Decision {

    /** The rule that led here, for the journey. */
    String rule();

    /**
     * Wait, then send again.
     *
     * @param unpaid whether it has to wait for retry budget after that
     */
    record Resend(long waitNanos, String rule, boolean unpaid) implements Decision {
        Resend(long waitNanos, String rule) {
            this(waitNanos, rule, false);
        }
    }

    /**
     * Hand the failure to the caller.
     *
     * @param retryInNanos when trying again makes sense, from now; -1 if no time can be told
     */
    record GiveUp(String rule, long retryInNanos) implements Decision {}
}
