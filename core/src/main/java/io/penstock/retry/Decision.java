package io.penstock.retry;

/** What to do after a failed attempt. */
sealed interface Decision {

    /** The rule that led here, for the journey. */
    String rule();

    /** Wait, then send again. */
    record Resend(long waitNanos, String rule) implements Decision {}

    /**
     * Hand the failure to the caller.
     *
     * @param retryInNanos when trying again makes sense, from now; -1 if no time can be told
     */
    record GiveUp(String rule, long retryInNanos) implements Decision {}
}
