package io.penstock.http;

/**
 * The progress of a transfer.
 *
 * @param transferred bytes of the body that have passed this client's end of the connection
 * @param total bytes of the whole body, or {@value #UNKNOWN} if its length is not known
 * @param resumes how often a download has been resumed after an interruption; always 0 for an upload
 */
public record Progress(long transferred, long total, int resumes) {

    /** The total of a body whose length is not known in advance. */
    public static final long UNKNOWN = -1;

    /** Creates the progress of a transfer that was never resumed. */
    public Progress(long transferred, long total) {
        this(transferred, total, 0);
    }

    /** Returns the fraction transferred, from 0 to 1: 1 for an empty body, 0 while the length is not known. */
    public double fraction() {
        return total == UNKNOWN ? 0 : total == 0 ? 1 : (double) transferred / total;
    }

    /** Returns whether the whole body has been transferred; always false if its length is not known. */
    public boolean isComplete() {
        return transferred == total;
    }

    @Override
    public String toString() {
        return transferred + " of " + (total == UNKNOWN ? "an unknown number of" : total) + " bytes";
    }
}
