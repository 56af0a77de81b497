package io.penstock.ratelimit;

/**
 * One limit of a server, as a stock of units: every physical send takes one. All methods may be called by any thread, and
 * none waits. Times are nanoseconds of the client's clock.
 */
interface Window {

    /** When nothing can be told. */
    long NEVER = Long.MAX_VALUE;

    /** Takes a unit; false if there is none now. */
    boolean tryTake(long now);

    /** Takes a unit that is not there: those who come later wait for it to come back. */
    void overdraw();

    /** Whether a unit comes back as time passes, whatever becomes of the requests under way. */
    boolean refillsByItself(long now);

    /** Gives a unit back whose request was not sent. */
    void giveBack();

    /**
     * A request that was sent has come to its end.
     *
     * @param answered whether the head of an answer has arrived
     */
    void ended(long now, boolean answered);

    /**
     * How long a caller has to wait who has so many others before it; 0 if not at all, {@link #NEVER} if that cannot be told.
     */
    long waitNanos(long now, int ahead);
}
