package io.penstock.ratelimit;

/**
 * One limit of a server, as a stock of units. Every physical send takes what its request costs, usually one unit. All methods may be called by any
 * thread, and none blocks. Times are nanoseconds of the client's clock.
 */
interface Window {

    /** The wait that cannot be told. */
    long NEVER = Long.MAX_VALUE;

    /**
     * Takes units. Returns false if there are not enough now. A request that costs more than there can ever be goes when
     * everything is there.
     */
    boolean tryTake(long now, int units);

    /** Takes units that are not there. Later calls wait for them to come back. */
    void overdraw(int units);

    /** Returns whether a unit comes back as time passes, independently of the requests under way. */
    boolean refillsByItself(long now);

    /** Returns the units of a request that was not sent. */
    void giveBack(int units);

    /**
     * Handles the end of a request that was sent.
     *
     * @param answered whether the head of a response has arrived
     * @param units the units that were taken for it
     * @param cost the units that it has cost according to its response; otherwise the same
     */
    void ended(long now, boolean answered, int units, int cost);

    /**
     * Returns how long a caller of one unit has to wait behind others that take the given number of units; 0 if not at
     * all, {@link #NEVER} if it cannot be told.
     */
    long waitNanos(long now, int ahead);
}
