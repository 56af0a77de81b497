package io.penstock.download;

import io.penstock.error.ApiException;
import io.penstock.http.Progress;
import java.util.function.Consumer;

/**
 * How to download.
 *
 * @param maxBytes the largest file to accept
 * @param maxResumes how often to take it up again after a break; a call that brings nothing ends it in any case
 * @param replaceExisting whether a file that is there already may be replaced
 * @param listener is told how far it has got, on the thread that writes, after each part; what it throws fails the download
 */
public record DownloadOptions(long maxBytes, int maxResumes, boolean replaceExisting, Consumer<Progress> listener) {

    /** Checks the values: {@link ApiException} of kind INVALID_CONFIGURATION. */
    public DownloadOptions {
        if (maxBytes < 1) {
            throw ApiException.invalidConfiguration("maxBytes: " + maxBytes + " (expected: >= 1)");
        }
        if (maxResumes < 0) {
            throw ApiException.invalidConfiguration("maxResumes: " + maxResumes + " (expected: >= 0)");
        }
    }

    /** At most 16 GiB, at most 1000 resumes, no file is replaced, nobody is told. */
    public static DownloadOptions standard() {
        return new DownloadOptions(16L << 30, 1000, false, progress -> {});
    }

    /** The same, with that limit of the file's size. */
    public DownloadOptions withMaxBytes(long newMaxBytes) {
        return new DownloadOptions(newMaxBytes, maxResumes, replaceExisting, listener);
    }

    /** The same, with that many resumes. */
    public DownloadOptions withMaxResumes(int newMaxResumes) {
        return new DownloadOptions(maxBytes, newMaxResumes, replaceExisting, listener);
    }

    /** The same, where a file that is there already is replaced, once the new one is whole. */
    public DownloadOptions replacingExisting() {
        return new DownloadOptions(maxBytes, maxResumes, true, listener);
    }

    /** The same, telling that listener. */
    public DownloadOptions withListener(Consumer<Progress> newListener) {
        return new DownloadOptions(maxBytes, maxResumes, replaceExisting, newListener);
    }
}
