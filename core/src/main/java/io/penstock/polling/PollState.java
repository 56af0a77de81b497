package io.penstock.polling;

/** Where a long operation stands. */
public enum PollState {
    /** It has not ended: also what a state means that nobody here has heard of. */
    RUNNING,
    /** It has ended, and there is a result. */
    SUCCEEDED,
    /** It has ended without one. */
    FAILED,
    /** Somebody has ended it. */
    CANCELLED;

    /** Whether nothing follows. */
    public boolean isTerminal() {
        return this != RUNNING;
    }
}
