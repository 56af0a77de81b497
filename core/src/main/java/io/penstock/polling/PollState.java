package io.penstock.polling;

/** The state of a long operation. */
public enum PollState {
    /** It has not ended. Unknown words for a state also map to this. */
    RUNNING,
    /** It has ended with a result. */
    SUCCEEDED,
    /** It has ended without a result. */
    FAILED,
    /** It was cancelled. */
    CANCELLED;

    /** Returns whether the state is final. */
    public boolean isTerminal() {
        return this != RUNNING;
    }
}
