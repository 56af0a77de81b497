package io.penstock.ratelimit;

/**
 * One limit of a server, as a stock of units. Every physical send takes one unit. All methods may be called by any
 * thread, and none blocks. Times are nanoseconds of the client's clock.
 */
interface Window {

    /** The wait that cannot be told. */
    long NEVER = Long.MAX_VALUE;

    /** Takes a unit. Returns false if there is none now. */
    boolean tryTake(long now);

    /** Takes a unit that is not there. Later calls wait for it to come back. */
    void overdraw();

    /** Returns whether a unit comes back as time passes, independently of the requests under way. */
    boolean refillsByItself(long now);

    /** Returns the unit of a request that was not sent. */
    void giveBack();

    /**
     * Handles the end of a request that was sent.
     *
     * @param answered whether the head of a response has arrived
     */
    void ended(long now, boolean answered);

    /**
     * Returns how long a caller with the given number of others before it has to wait; 0 if not at all, {@link #NEVER}
     * if it cannot be told.
     */
    long waitNanos(long now, int ahead);
}
