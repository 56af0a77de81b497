package io.penstock.http;

/**
 * How far a transfer has got.
 *
 * @param transferred bytes of the body that have passed this client's end of the connection
 * @param total bytes of the whole body, or {@value #UNKNOWN} if their number is not known
 * @param resumes how often a download has been resumed after a break; always 0 for an upload
 */
public record Progress(long transferred, long total, int resumes) {

    /** The total of a body whose length is not known in advance. */
    public static final long UNKNOWN = -1;

    /** Makes the progress of a transfer that was never resumed. */
    public Progress(long transferred, long total) {
        this(transferred, total, 0);
    }

    /** The part that is done, from 0 to 1; an empty body is done, one of unknown length never tells more than 0. */
    public double fraction() {
        return total == UNKNOWN ? 0 : total == 0 ? 1 : (double) transferred / total;
    }

    /** Whether the whole body has been transferred; never true where its length is not known. */
    public boolean isComplete() {
        return transferred == total;
    }

    @Override
    public String toString() {
        return transferred + " of " + (total == UNKNOWN ? "an unknown number of" : total) + " bytes";
    }
}
